package dev.tidepool.echo;

import dev.tidepool.allocator.ArenaByteBufAllocator;
import dev.tidepool.echo.cli.Converters;
import dev.tidepool.echo.figures.Addresses;
import dev.tidepool.echo.live.http.PageConfig;
import dev.tidepool.echo.live.http.PageServer;
import dev.tidepool.echo.live.http.PageSource;
import dev.tidepool.echo.server.FaultLog;
import dev.tidepool.echo.trouble.TroubleMaker;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import picocli.CommandLine.Option;

/** The options of the live page. */
final class UiOptions {
  @Option(
      names = "--ui",
      description = "serve the live page: connections, memory, leaks; /metrics for Prometheus")
  boolean ui;

  @Option(
      names = "--ui-port",
      paramLabel = "PORT",
      converter = Converters.Port.class,
      description = "the page's port, 0 for any free one. Default: ${DEFAULT-VALUE}")
  private int port = 7080;

  @Option(
      names = "--ui-host",
      paramLabel = "HOST",
      converter = Converters.Host.class,
      description =
          "the page's address, and the name to ask for it by; all who reach it may look. Default:"
              + " ${DEFAULT-VALUE}")
  private String host = "127.0.0.1";

  @Option(
      names = "--ui-actions",
      description =
          "let viewers start trouble to watch: slow readers, leaks, bursts, greedy clients;"
              + " a connection gets a soft budget of 1 MiB and a hard one of 4 MiB")
  boolean actions;

  /** The options of an allocator whose server viewers may give trouble. */
  Consumer<ArenaByteBufAllocator.Builder> budgets() {
    return builder -> {
      if (ui && actions) {
        TroubleMaker.setBudgets(builder);
      }
    };
  }

  /** Starts the page and prints its link. */
  PageServer open(PageSource source, PrintWriter out) throws IOException {
    PageServer page =
        new PageServer(
            new PageConfig(Addresses.resolve(host, port), host), source, FaultLog.toLogger());
    out.printf("page: http://%s/%n", Addresses.text(reachable(page.start())));
    out.flush();
    return page;
  }

  /** A link to all addresses leads nowhere. */
  private static InetSocketAddress reachable(InetSocketAddress bound) {
    return bound.getAddress().isAnyLocalAddress()
        ? new InetSocketAddress(InetAddress.getLoopbackAddress(), bound.getPort())
        : bound;
  }
}
