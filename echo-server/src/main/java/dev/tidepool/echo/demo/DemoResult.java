package dev.tidepool.echo.demo;

import dev.tidepool.echo.load.LoadResult;
import dev.tidepool.echo.server.ArenaAccount;
import dev.tidepool.echo.server.ServedAccount;
import java.util.List;

/**
 * What a demo found.
 *
 * @param arenas read when all was echoed and the connections were still open
 * @param served measured after the server had stopped
 */
public record DemoResult(LoadResult load, List<ArenaAccount> arenas, ServedAccount served) {}
