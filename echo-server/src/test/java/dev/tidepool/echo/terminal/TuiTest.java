package dev.tidepool.echo.terminal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tidepool.allocator.ConnectionOrder;
import dev.tidepool.echo.live.LatencySource;
import dev.tidepool.echo.live.LiveSnapshot;
import dev.tidepool.echo.live.LiveSource;
import dev.tidepool.echo.live.Reading;
import dev.tidepool.echo.live.SampleMaker;
import dev.tidepool.echo.live.Sampler;
import dev.tidepool.echo.testing.TestServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The screen on a terminal whose two ends the test holds. */
@Timeout(60)
class TuiTest implements LiveSource {
  private static final String ENTER = "\u001b[?1049h";
  private static final String LEAVE = "\u001b[?1049l";
  private static final String HIDE_CURSOR = "\u001b[?25l";
  private static final String SHOW_CURSOR = "\u001b[?25h";

  private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
  private final PipedOutputStream keyboard = new PipedOutputStream();
  private final Set<ConnectionOrder> asked = ConcurrentHashMap.newKeySet();
  private Terminal terminal;
  private Attributes before;
  private Sampler sampler;
  private volatile boolean failing;

  @BeforeEach
  void open() throws IOException {
    terminal =
        new ExternalTerminal(
            "test",
            "xterm-256color",
            new PipedInputStream(keyboard),
            screen,
            StandardCharsets.UTF_8);
    terminal.setSize(Size.of(80, 24));
    before = terminal.getAttributes();
    LiveSnapshot.Server server = Samples.busy().server();
    sampler = new Sampler(new SampleMaker(this, LatencySource.NONE, server));
  }

  @AfterEach
  void close() throws IOException {
    sampler.close();
    terminal.close();
  }

  @Override
  public Reading read(int limit) {
    List<LiveSnapshot.Connection> connections = Samples.busy().connections();
    return new Reading(100, 100, 1, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9, List.of(), connections);
  }

  @Override
  public List<LiveSnapshot.Connection> connections(int limit, ConnectionOrder order) {
    asked.add(order);
    if (failing) {
      throw new IllegalStateException("a fault of the drawing");
    }
    return Samples.busy().connections();
  }

  private Tui tui() {
    return new Tui(terminal, sampler, this, new Look(true, true), () -> "");
  }

  private String screen() {
    return screen.toString(StandardCharsets.UTF_8);
  }

  private void press(char key) throws IOException {
    keyboard.write(key);
    keyboard.flush();
  }

  private void assertRestored() {
    assertThat(screen()).containsOnlyOnce(LEAVE).containsOnlyOnce(SHOW_CURSOR);
    assertThat(screen().indexOf(LEAVE)).isGreaterThan(screen().indexOf(ENTER));
    assertThat(screen().substring(screen().indexOf(LEAVE))).doesNotContain("connection");
    assertThat(terminal.getAttributes().toString()).isEqualTo(before.toString());
  }

  @Test
  void takesTheTerminalOverAndGivesItBack() throws Exception {
    try (Tui tui = tui()) {
      assertThat(screen()).contains(ENTER).contains(HIDE_CURSOR).doesNotContain(LEAVE);
      assertThat(screen()).contains("tidepool-echo").contains("127.0.0.1:40001");
      assertThat(terminal.getAttributes().getLocalFlag(Attributes.LocalFlag.ECHO)).isFalse();
      assertThat(tui.ended().toCompletableFuture()).isNotDone();
    }
    assertRestored();
  }

  @Test
  void qEndsIt() throws Exception {
    try (Tui tui = tui()) {
      press('x');
      press('q');
      tui.ended().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
    assertRestored();
  }

  @Test
  void theKeysSort() throws Exception {
    Tui tui = tui();
    for (char key : new char[] {'s', 'r', 'B', 'o'}) {
      press(key);
      ConnectionOrder order = SortKey.orderOf(key).orElseThrow();
      TestServer.await("connections were asked for by " + order, () -> asked.contains(order));
    }
    press('h');
    asked.clear();
    tui.close();
    tui.close();
    assertRestored();
  }

  @Test
  void theScreenFollowsTheSize() throws Exception {
    try (Tui tui = tui()) {
      assertThat(tui).isNotNull();
      assertThat(screen()).contains("127.0.0.1:40007").doesNotContain("127.0.0.1:40030");
      terminal.setSize(Size.of(200, 60));
      terminal.raise(Terminal.Signal.WINCH);
      TestServer.await("more is shown", () -> screen().contains("127.0.0.1:40030"));
    }
    assertRestored();
  }

  @Test
  void aFaultOfTheDrawingEndsItAndRestoresTheTerminal() throws Exception {
    try (Tui tui = tui()) {
      failing = true;
      press('s');
      assertThatThrownBy(() -> tui.ended().toCompletableFuture().get(20, TimeUnit.SECONDS))
          .hasRootCauseMessage("a fault of the drawing");
    }
    assertRestored();
  }

  @Test
  void theEndOfTheKeyboardEndsIt() throws Exception {
    try (Tui tui = tui()) {
      keyboard.close();
      tui.ended().toCompletableFuture().get(20, TimeUnit.SECONDS);
    }
    assertRestored();
  }
}
