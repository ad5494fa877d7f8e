package dev.tidepool.echo;

import dev.tidepool.echo.load.LoadResult;
import dev.tidepool.echo.load.LoadTally;
import dev.tidepool.echo.load.live.LeakWait;
import dev.tidepool.echo.load.live.LoadMoments;
import dev.tidepool.echo.load.live.LoadPlan;
import dev.tidepool.echo.load.live.LoadWatch;
import dev.tidepool.echo.load.live.ServerPage;
import dev.tidepool.echo.load.result.Configuration;
import dev.tidepool.echo.load.result.HdrLogs;
import dev.tidepool.echo.load.result.LoadReport;
import dev.tidepool.echo.load.result.ResultFormat;
import dev.tidepool.echo.load.result.ServerSide;
import dev.tidepool.echo.server.ServerFigures;
import dev.tidepool.echo.terminal.CapturedErrors;
import dev.tidepool.echo.terminal.LoadLines;
import dev.tidepool.echo.terminal.LoadScreen;
import dev.tidepool.echo.terminal.Look;
import dev.tidepool.echo.terminal.Terminals;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.jline.terminal.Terminal;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ExitCode;

/** What a load shows while it runs and prints when it has ended. Not thread-safe. */
final class LoadOutput {
  private final OutputOptions options;
  private final @Nullable ServerPage page;
  private final @Nullable ServerFigures idle;
  private final PrintWriter out;
  private final PrintWriter err;
  private @Nullable ServerFigures before;
  private @Nullable ServerSide side;
  private boolean failed;

  /**
   * @param page the server's; null: none
   * @param idle the server's figures before the load, if there is a page
   */
  LoadOutput(
      OutputOptions options,
      @Nullable ServerPage page,
      @Nullable ServerFigures idle,
      PrintWriter out,
      PrintWriter err) {
    this.options = options;
    this.page = page;
    this.idle = idle;
    this.out = out;
    this.err = err;
  }

  /** Prints the first line; on standard error where standard output is for other programs. */
  void announce(String line) {
    PrintWriter where = options.format == ResultFormat.TEXT ? out : err;
    if (where == out || !options.quiet) {
      where.println(line);
      where.flush();
    }
  }

  /** Reads the server's figures, from which on its side is told. */
  void readServer() throws IOException {
    if (page != null) {
      before = page.read();
    }
  }

  /**
   * Reads the server's figures when all is answered, has the connections closed, and reads them
   * when the server has told what leaked. Does nothing without a page.
   *
   * @param close closes the load's connections
   * @param hurried whether to wait for leaks no longer
   */
  void readServerAtEnd(Runnable close, BooleanSupplier hurried) {
    if (page == null || idle == null || before == null) {
      return;
    }
    try {
      ServerFigures after = page.read();
      close.run();
      ServerFigures closed = new LeakWait(page::read, idle, before).await(hurried);
      if (after.pid() == before.pid() && closed.pid() == before.pid()) {
        side = ServerSide.of(before, after, closed);
      } else {
        fail("the server was started anew meanwhile, its figures are left out");
      }
    } catch (IOException e) {
      fail(String.valueOf(e.getMessage()));
    }
  }

  /** Shows the load's figures until the watch is closed. */
  Watch watch(LoadTally tally, LoadPlan plan) throws IOException {
    if (options.quiet) {
      return Watch.NONE;
    }
    LoadMoments moments = new LoadMoments(tally, plan, this::server);
    Look look = Look.of(System.getenv());
    Optional<Terminal> terminal = Terminals.open(look, options.tui);
    return terminal.isPresent() ? screen(moments, terminal.get(), look) : lines(moments);
  }

  private Optional<ServerFigures> server() {
    return page == null ? Optional.empty() : page.readOrEmpty();
  }

  private Watch lines(LoadMoments moments) {
    return new LoadWatch(moments, new LoadLines(err))::close;
  }

  private static Watch screen(LoadMoments moments, Terminal terminal, Look look) {
    CapturedErrors errors = new CapturedErrors();
    LoadScreen screen = new LoadScreen(terminal, look, errors::lastLine);
    LoadWatch watch = new LoadWatch(moments, screen);
    return () -> {
      try (errors;
          terminal;
          screen) {
        watch.close();
      }
    };
  }

  /** Prints the result, writes the files, and returns the exit code. */
  int end(LoadResult result, Configuration configuration) {
    LoadReport report =
        LoadReport.of(
            result, configuration, side, options.thresholds, write(result, configuration));
    options.format.lines(report).forEach(out::println);
    out.flush();
    int code = EchoExit.of(report, options.strict);
    return failed && code == ExitCode.OK ? ExitCode.SOFTWARE : code;
  }

  private List<String> write(LoadResult result, Configuration configuration) {
    String prefix = options.hdrFilePrefix;
    if (prefix == null) {
      return List.of();
    }
    try {
      return HdrLogs.write(prefix, result, configuration);
    } catch (IOException e) {
      fail("cannot write the logs: " + e);
      return List.of();
    }
  }

  private void fail(String reason) {
    failed = true;
    err.println("load: " + reason);
    err.flush();
  }
}
