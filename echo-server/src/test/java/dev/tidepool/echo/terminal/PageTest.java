package dev.tidepool.echo.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.ConnectionOrder;
import dev.tidepool.echo.live.LiveSnapshot;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;
import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a screen shows, at every size. */
class PageTest {
  private static final Look ASCII = new Look(false, false);

  private static View view(ConnectionOrder order, String log) {
    LiveSnapshot sample = Samples.busy();
    return new View(sample, order, sample.connections(), log);
  }

  private static List<AttributedString> lines(View view, Look look, int width, int rows) {
    return Page.lines(view, look, ZoneOffset.UTC, width, rows);
  }

  private static String text(View view, int width, int rows) {
    return lines(view, ASCII, width, rows).stream()
        .map(line -> line.toString().stripTrailing())
        .collect(Collectors.joining("\n"));
  }

  @Test
  void fillsButNeverExceedsTheScreen() {
    View view = view(ConnectionOrder.HEAVIEST, "a line of the log, which may be rather long");
    for (Look look : List.of(ASCII, new Look(true, true))) {
      for (int width = 20; width <= 200; width += 3) {
        for (int rows = 5; rows <= 60; rows++) {
          List<AttributedString> lines = lines(view, look, width, rows);
          assertThat(lines).as("%d x %d", width, rows).hasSize(rows);
          int most = width;
          assertThat(lines)
              .as("%d x %d", width, rows)
              .allMatch(line -> line.columnLength() <= most);
        }
      }
    }
  }

  @Test
  void anEmptyServerFillsTheScreenToo() {
    LiveSnapshot.Header none = new LiveSnapshot.Header(0, 0, 0, -1, 0, 0, 0, 0, 0, 0, 0);
    LiveSnapshot sample = Samples.with(none, 0);
    View view = new View(sample, ConnectionOrder.HEAVIEST, List.of(), "");
    assertThat(lines(view, ASCII, 80, 24)).hasSize(24);
    assertThat(text(view, 80, 24)).containsPattern("resident +-").contains("q quit");
  }

  @Test
  void ofEightyByTwentyFour() {
    assertThat(text(view(ConnectionOrder.HEAVIEST, ""), 80, 24)).isEqualTo(GOLDEN);
  }

  @Test
  void ofTwentyByFive() {
    assertThat(text(view(ConnectionOrder.HEAVIEST, ""), 20, 5)).isEqualTo(SMALLEST);
  }

  @ParameterizedTest
  @EnumSource(ConnectionOrder.class)
  void whatTheConnectionsAreOrderedByIsShown(ConnectionOrder order) {
    String column =
        switch (order) {
          case HEAVIEST -> "held";
          case STRAGGLING -> "strag";
          case REFUSED -> "refus";
          case BUSIEST -> "reqs";
          case OLDEST -> "age";
        };
    assertThat(text(view(order, ""), 22, 12)).containsPattern("connection +" + column + "\n");
    String keys = lines(view(order, ""), ASCII, 80, 24).get(23).toAnsi();
    assertThat(keys)
        .contains("\u001b[7m " + SortKey.name(SortKey.orderOf(letter(order)).orElseThrow()) + " ");
  }

  private static char letter(ConnectionOrder order) {
    return order.name().charAt(0);
  }

  @Test
  void theLastLineOfTheLogStandsAboveTheKeys() {
    String[] lines = text(view(ConnectionOrder.HEAVIEST, "WARN a fault"), 80, 24).split("\n", -1);
    assertThat(lines[22]).isEqualTo("WARN a fault");
    assertThat(lines[23]).startsWith(" q quit");
  }

  @Test
  void withoutColoursThereIsNone() {
    View view = view(ConnectionOrder.HEAVIEST, "");
    for (AttributedString line : lines(view, ASCII, 120, 40)) {
      assertThat(line.toAnsi()).doesNotContainPattern("\u001b\\[[0-9;]*3[0-7]");
      assertThat(line.toString()).matches("\\p{ASCII}*");
    }
    assertThat(lines(view, new Look(true, true), 120, 40))
        .anyMatch(line -> line.toAnsi().contains("\u001b[32m"))
        .anyMatch(line -> line.toString().contains("█"));
  }

  private static final String GOLDEN =
      """
       tidepool-echo  127.0.0.1:7007  http  epoll  arena                     12:00:00
      connections    10k  requests/s     45k  resets/s       45k  resident      212M
      upstream      8.0M  leased        2.0M  idle          6.0M  live buffers  1.2k
      stragglers       7  refusals         3  leaks            1  p50          84 us
      p99         512 us

      loop                  leased  idle                      trimmed 10s idle blocks
      echo-server-1-1         1.5M  4.0M #####...............        256K 16Kx12 64Kx3
      echo-server-1-2         512K  2.0M ##.......                      0 16Kx8 16Khx1

      connection           held             peak state    live strag  reqs resets  age
      127.0.0.1:40001      1.0M ######+!..  1.0M paused    160     2  1.0M   1.0M  61s
      127.0.0.1:40002      512K !!!!!|      512K leaking     0     7  500k   500k   2m
      127.0.0.1:40003      273K #+.|        300K open       25     0  333k   333k   3m
      127.0.0.1:40004      205K #+.         225K open       18     0  250k   250k   4m
      127.0.0.1:40005      164K #+.         180K open       15     0  200k   200k   5m
      127.0.0.1:40006      136K #+.         150K open       12     0  167k   167k   6m
      127.0.0.1:40007      116K #+.         128K open       10     0  143k   143k   7m
      127.0.0.1:40008      102K #+.         112K open        9     0  125k   125k   8m
      127.0.0.1:40009       90K #+.         100K open        8     0  111k   111k   9m
      127.0.0.1:40010       82K #+.          90K open        7     0  100k   100k  10m
      127.0.0.1:40011       73K #+.          81K open        6     0   91k    91k  11m
      127.0.0.1:40012       68K #+.          75K open        6     0   83k    83k  12m
       q quit   heaviest  straggling  refused  busiest  oldest   # alive + released""";

  private static final String SMALLEST =
      """
       tidepool-echo  127.
      connections    10k
      connection       age
      127.0.0.1:40001  61s
      127.0.0.1:40002   2m""";
}
