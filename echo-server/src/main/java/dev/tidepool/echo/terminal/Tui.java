package dev.tidepool.echo.terminal;

import dev.tidepool.allocator.ConnectionOrder;
import dev.tidepool.echo.live.DaemonThreads;
import dev.tidepool.echo.live.LiveSnapshot;
import dev.tidepool.echo.live.LiveSource;
import dev.tidepool.echo.live.SampleMaker;
import dev.tidepool.echo.live.Sampler;
import dev.tidepool.echo.live.Subscription;
import java.io.IOException;
import java.time.ZoneId;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.Terminal.Signal;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;

/**
 * The screen of {@code serve --tui}: draws samples in place, at most four times a second, and obeys
 * the keys. The terminal is as before once this is closed.
 */
public final class Tui implements AutoCloseable {
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long KEY_MILLIS = 100;
  private static final int CONTROL_C = 3;
  private static final int END = -1;

  /** How long the close waits for a terminal that takes no output. */
  private static final long CLOSE_MILLIS = 1_000;

  private final Terminal terminal;
  private final Sampler sampler;
  private final LiveSource source;
  private final Look look;
  private final Supplier<String> log;
  private final Display display;
  private final Attributes before;
  private final Subscription subscription;
  private final Thread keys = DaemonThreads.named("echo-keys").newThread(this::readKeys);
  private final CompletableFuture<Void> ended = new CompletableFuture<>();
  private final AtomicBoolean closing = new AtomicBoolean();

  // Guarded by drawing.
  private final ReentrantLock drawing = new ReentrantLock();
  private ConnectionOrder order = ConnectionOrder.HEAVIEST;
  private Size size;
  private long drawnNanos;
  private boolean closed;

  /**
   * Takes the terminal over, and draws the first screen.
   *
   * @param terminal closed by its owner, after this
   * @param log the last line logged, empty if there is none
   */
  public Tui(
      Terminal terminal, Sampler sampler, LiveSource source, Look look, Supplier<String> log) {
    this.terminal = terminal;
    this.sampler = sampler;
    this.source = source;
    this.look = look;
    this.log = log;
    this.display = new Display(terminal, true);
    this.size = terminal.getSize();
    this.before = terminal.enterRawMode();
    terminal.puts(Capability.enter_ca_mode);
    terminal.puts(Capability.cursor_invisible);
    terminal.handle(Signal.WINCH, signal -> redrawAll());
    redrawAll();
    subscription = sampler.subscribe(this::drawIfDue);
    keys.start();
  }

  /** Completes when the key q was pressed, or exceptionally when the terminal failed. */
  public CompletionStage<Void> ended() {
    return ended;
  }

  // Drawing

  private void drawIfDue(LiveSnapshot sample) {
    drawing.lock();
    try {
      if (System.nanoTime() - drawnNanos >= REDRAW_NANOS) {
        draw(sample);
      }
    } finally {
      drawing.unlock();
    }
  }

  /** After a change of the size, or when something else has written on the screen. */
  private void redrawAll() {
    drawing.lock();
    try {
      size = terminal.getSize(); // by a process of its own: not for each screen
      display.resize(size);
      display.clear();
      draw(sampler.latest());
    } finally {
      drawing.unlock();
    }
  }

  private void draw(LiveSnapshot sample) {
    if (closed) {
      return;
    }
    try {
      drawnNanos = System.nanoTime();
      View view = new View(sample, order, connections(sample), log.get());
      display.update(
          Page.lines(view, look, ZoneId.systemDefault(), size.getColumns(), size.getRows()), -1);
    } catch (RuntimeException e) {
      ended.completeExceptionally(e);
    }
  }

  private List<LiveSnapshot.Connection> connections(LiveSnapshot sample) {
    return order == ConnectionOrder.HEAVIEST
        ? sample.connections()
        : source.connections(SampleMaker.CONNECTIONS, order);
  }

  // Keys

  private void readKeys() {
    try {
      NonBlockingReader reader = terminal.reader();
      while (!ended.isDone()) {
        obey(reader.read(KEY_MILLIS));
      }
    } catch (IOException | RuntimeException e) {
      ended.completeExceptionally(e);
    }
  }

  private void obey(int key) {
    if (key == 'q' || key == 'Q' || key == CONTROL_C || key == END) {
      ended.complete(null);
    } else {
      SortKey.orderOf(key).ifPresent(this::sort);
    }
  }

  private void sort(ConnectionOrder chosen) {
    drawing.lock();
    try {
      order = chosen;
      draw(sampler.latest());
    } finally {
      drawing.unlock();
    }
  }

  // The end

  /** Gives the terminal back as it was. A second close does nothing. */
  @Override
  public void close() {
    if (!closing.compareAndSet(false, true)) {
      return;
    }
    ended.complete(null);
    subscription.close();
    try {
      if (drawing.tryLock(CLOSE_MILLIS, TimeUnit.MILLISECONDS)) {
        try {
          leaveScreen();
        } finally {
          drawing.unlock();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      terminal.setAttributes(before);
    }
  }

  private void leaveScreen() {
    closed = true;
    terminal.puts(Capability.exit_ca_mode);
    terminal.puts(Capability.cursor_normal);
    terminal.flush();
  }
}
