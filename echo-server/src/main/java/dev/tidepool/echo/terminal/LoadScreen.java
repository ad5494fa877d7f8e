package dev.tidepool.echo.terminal;

import dev.tidepool.echo.load.live.LoadMoment;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;

/**
 * A running load's figures on a terminal, redrawn where the cursor is. What was on the screen
 * stays; once this is closed the block is gone. Not thread-safe.
 */
public final class LoadScreen implements Consumer<LoadMoment>, AutoCloseable {
  private final Terminal terminal;
  private final Look look;
  private final Supplier<String> log;
  private final Display display;
  private volatile Size size;

  /**
   * @param terminal closed by its owner, after this
   * @param log the last line logged, empty if there is none
   */
  public LoadScreen(Terminal terminal, Look look, Supplier<String> log) {
    this.terminal = terminal;
    this.look = look;
    this.log = log;
    this.display = new Display(terminal, false);
    this.size = terminal.getSize(); // by a process of its own: not for each drawing
    terminal.handle(Signal.WINCH, signal -> size = terminal.getSize());
  }

  @Override
  public void accept(LoadMoment moment) {
    show(LoadBlock.lines(moment, log.get(), look, size.getColumns() - 1));
  }

  private void show(List<AttributedString> lines) {
    display.resize(size);
    display.update(lines, 0);
    terminal.flush();
  }

  @Override
  public void close() {
    show(List.of());
  }
}
