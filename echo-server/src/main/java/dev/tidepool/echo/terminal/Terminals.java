package dev.tidepool.echo.terminal;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.terminal.TerminalBuilder.SystemOutput;
import org.jline.utils.ShutdownHooks;

/** Finds the terminal that this process runs in. */
public final class Terminals {
  private Terminals() {}

  /**
   * The terminal, if both standard input and standard output are one and it can move its cursor.
   * The process keeps its own handlers of signals.
   */
  public static Optional<Terminal> open(Look look) throws IOException {
    return open(look, SystemOutput.SysOut);
  }

  /**
   * As {@link #open(Look)}.
   *
   * @param forced whether standard error will do where standard output is no terminal
   */
  public static Optional<Terminal> open(Look look, boolean forced) throws IOException {
    return open(look, forced ? SystemOutput.SysOutOrSysErr : SystemOutput.SysOut);
  }

  private static Optional<Terminal> open(Look look, SystemOutput output) throws IOException {
    // JLine's hook would close the terminal while a signal still has the command restore it.
    System.setProperty(ShutdownHooks.PROP_DISABLE_SHUTDOWN_HOOK, "true");
    Charset encoding = look.unicode() ? StandardCharsets.UTF_8 : StandardCharsets.US_ASCII;
    Terminal terminal =
        TerminalBuilder.builder()
            .name("tidepool-echo")
            .system(true)
            .systemOutput(output)
            .dumb(true)
            .encoding(encoding)
            .nativeSignals(false)
            .build();
    if (terminal.getType().startsWith(Terminal.TYPE_DUMB)) {
      terminal.close();
      return Optional.empty();
    }
    return Optional.of(terminal);
  }
}
