package dev.tidepool.echo.live.http;

import dev.tidepool.echo.live.LeakLog;
import dev.tidepool.echo.live.LiveFeed;
import dev.tidepool.echo.server.ServerFigures;
import dev.tidepool.echo.server.ServerMemory;
import dev.tidepool.echo.server.ServerTotals;
import dev.tidepool.echo.trouble.TroubleMaker;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What the page shows.
 *
 * @param feed the samples
 * @param leaks the reports of the server's allocator
 * @param memory the server's
 * @param totals the server's
 * @param figures makes those of the server's process
 * @param trouble what viewers may start; null: nothing
 */
public record PageSource(
    LiveFeed feed,
    LeakLog leaks,
    ServerMemory memory,
    ServerTotals totals,
    Supplier<ServerFigures> figures,
    @Nullable TroubleMaker trouble) {}
