package dev.tidepool.echo;

import dev.tidepool.echo.terminal.CapturedErrors;
import dev.tidepool.echo.terminal.FigureLines;
import dev.tidepool.echo.terminal.LinePrinter;
import dev.tidepool.echo.terminal.Look;
import dev.tidepool.echo.terminal.Terminals;
import dev.tidepool.echo.terminal.Tui;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.jline.terminal.Terminal;
import picocli.CommandLine.Option;

/** The options for what a server shows in the terminal while it runs. */
final class WatchOptions {
  private static final Duration SELDOM = Duration.ofSeconds(10);
  private static final Duration OFTEN = Duration.ofSeconds(1);

  @Option(
      names = "--tui",
      description =
          "show totals, event loops and connections, redrawn in place; a line a second where there"
              + " is no terminal")
  boolean tui;

  @Option(
      names = "--quiet",
      description =
          "print no line of figures every ten seconds (there is none while a server is idle, and"
              + " none with the page or --tui)")
  boolean quiet;

  /**
   * @param page whether the server has a page to look at
   */
  Watch open(LiveView live, PrintWriter out, boolean page) throws IOException {
    if (tui) {
      Look look = Look.of(System.getenv());
      Optional<Terminal> terminal = Terminals.open(look);
      return terminal.isPresent() ? screen(live, terminal.get(), look) : lines(live, out, OFTEN);
    }
    return quiet || page ? Watch.NONE : lines(live, out, SELDOM);
  }

  private static Watch lines(LiveView live, PrintWriter out, Duration interval) {
    LinePrinter printer = new LinePrinter(live.totals(), new FigureLines(out, interval), interval);
    return printer::close;
  }

  private static Watch screen(LiveView live, Terminal terminal, Look look) {
    CapturedErrors errors = new CapturedErrors();
    Tui tui = new Tui(terminal, live.sampler(), live.source(), look, errors::lastLine);
    return new Watch() {
      @Override
      public CompletionStage<Void> ended() {
        return tui.ended();
      }

      @Override
      public void close() throws IOException {
        try (errors;
            terminal) {
          tui.close();
        }
      }
    };
  }
}
