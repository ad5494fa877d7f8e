package dev.tidepool.echo.live.page;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The page's modules that draw nothing: how figures are written, and what a recording comes to. */
@ExtendWith(BrowserExtension.class)
class PageLogicTest {
  /**
   * A recording of request 1 in one block: two buffers, the first released, the second outliving.
   */
  private static final String TAPE =
      """
      const { Tape, findBuffer, blockSums } = await import('/app/motion-model.js');
      const event = (sequence, kind, rest) => ({ sequence, kind, nanos: 1000 * sequence, block: 1,
        blockBytes: 4096, direct: true, offset: 0, length: 0, buffer: 0, request: 1, thread: 't', ...rest });
      const tape = new Tape();
      const append = (...events) => tape.append(events);
      append(
        event(1, 'LEASE', { length: 4096 }),
        event(2, 'ALLOCATE', { buffer: 1, length: 100 }),
        event(3, 'ALLOCATE', { buffer: 2, offset: 112, length: 200 }),
        event(4, 'RELEASE', { buffer: 1, length: 100 }),
        event(5, 'RESET', { block: 0, blockBytes: 0 }),
        event(6, 'STRAGGLE', { buffer: 2, offset: 112, length: 200 }));
      """;

  private static WatchedServer server;
  private static OpenPage page;

  /** A page without scripts of its own, which may load the server's modules. */
  @BeforeAll
  static void open(Browser browser) throws IOException {
    server = new WatchedServer();
    page = browser.open(server.url() + "healthz");
  }

  @AfterAll
  static void close() {
    if (server != null) {
      page.close();
      server.close();
    }
  }

  private static String result(String module, String expression) {
    return run("const m = await import('/app/" + module + ".js'); return " + expression);
  }

  private static String run(String statements) {
    return String.valueOf(page.promised("await (async () => {" + statements + "})()"));
  }

  @ParameterizedTest
  @CsvSource({
    "bytes(0),0 B",
    "bytes(999),999 B",
    "bytes(1000),1 KiB",
    "bytes(1536),1.5 KiB",
    "bytes(16384),16 KiB",
    "bytes(222298112),212 MiB",
    "bytes(-1),–",
    "nanos(850),850 ns",
    "nanos(12345),12.3 µs",
    "nanos(4500000),4.5 ms",
    "nanos(1.2e9),1.2 s",
    "nanos(0),0 ns",
    "age(4999),4 s",
    "age(192000),3 min 12 s",
    "age(7500000),2 h 05 min",
    "rate(9.96),10",
    "rate(1.25),1.3",
  })
  void figuresAreWrittenShort(String call, String text) {
    assertThat(result("format", "m." + call)).isEqualTo(text);
  }

  @Test
  void aBufferThatIsReleasedStaysUntilTheReset() {
    assertThat(run(TAPE + "return JSON.stringify(blockSums(tape.at(4).blocks.get(1)))"))
        .isEqualTo("{'alive':200,'released':100,'straggling':0,'free':3796}".replace('\'', '"'));
    assertThat(run(TAPE + "return JSON.stringify(blockSums(tape.at(5).blocks.get(1)))"))
        .isEqualTo("{'alive':200,'released':0,'straggling':0,'free':3896}".replace('\'', '"'));
  }

  @Test
  void aBufferThatOutlivesItsRequestIsAStraggler() {
    assertThat(run(TAPE + "return findBuffer(tape.at(6), 2).state")).isEqualTo("straggling");
    assertThat(run(TAPE + "return findBuffer(tape.at(5), 2).state")).isEqualTo("alive");
  }

  /** Growing in place and moving to another block, which was leased for that. */
  @Test
  void aBufferThatGrowsIsWhereTheEventSays() {
    String grown =
        TAPE
            + """
            append(event(7, 'GROW', { buffer: 2, offset: 112, length: 300 }),
              event(8, 'LEASE', { block: 2, blockBytes: 8192 }),
              event(9, 'GROW', { buffer: 2, block: 2, blockBytes: 8192, length: 5000 }));
            """;
    assertThat(run(grown + "return findBuffer(tape.at(7), 2).length")).isEqualTo("300");
    assertThat(run(grown + "return tape.at(9).blocks.get(1).buffers.size")).isEqualTo("0");
    assertThat(run(grown + "return tape.at(9).blocks.get(2).buffers.get(2).length"))
        .isEqualTo("5000");
    assertThat(run(grown + "return tape.at(9).aliveBytes")).isEqualTo("5000");
  }

  @Test
  void aBlockThatGoesBackLeavesItsRowToTheNext() {
    String given =
        TAPE
            + """
            append(event(7, 'RELEASE', { buffer: 2 }), event(8, 'GIVE_BACK'),
              event(9, 'LEASE', { block: 2 }));
            """;
    assertThat(run(given + "return tape.at(8).heldBytes + ' ' + tape.at(8).blocks.size"))
        .isEqualTo("0 0");
    assertThat(run(given + "return tape.at(8).berths[0].held")).isEqualTo("false");
    assertThat(run(given + "return tape.at(9).berths.map((berth) => berth.number).join()"))
        .isEqualTo("2");
    assertThat(run(given + "return tape.levels.map((level) => level.held).join()"))
        .isEqualTo("4096,4096,4096,4096,4096,4096,4096,0,4096");
  }

  /** An arena allocates again where buffers were released, before any reset. */
  @Test
  void whatIsAllocatedCoversWhatWasReleased() {
    assertThat(
            run(
                TAPE
                    + "const before = tape.at(4);"
                    + "const { apply } = await import('/app/motion-model.js');"
                    + "apply(before, event(5, 'ALLOCATE', { buffer: 3, length: 50 }));"
                    + "return [...before.blocks.get(1).buffers.keys()].join()"))
        .isEqualTo("2,3");
  }

  /** Any moment is the same whether it is reached from the beginning or from a keyframe. */
  @Test
  void aLongRecordingIsTheSameFromEveryPlace() {
    String laps =
        """
        const { Tape, emptyArena, apply } = await import('/app/motion-model.js');
        const tape = new Tape();
        const kinds = ['LEASE', 'ALLOCATE', 'ALLOCATE', 'RELEASE', 'RESET', 'STRAGGLE', 'RELEASE', 'GIVE_BACK'];
        for (let i = 0; i < 1000; i++) {
          const lap = Math.floor(i / 8);
          tape.append([{ sequence: i + 1, nanos: i, kind: kinds[i % 8], block: 1 + lap % 3, blockBytes: 4096,
            direct: true, offset: i % 8 === 2 ? 64 : 0, length: 64, thread: 't', request: lap,
            buffer: 2 * lap + ([1, 3].includes(i % 8) ? 1 : 2) }]);
        }
        const arena = emptyArena();
        const text = (state) => JSON.stringify(state, (key, value) => value instanceof Map ? [...value] : value);
        for (let i = 0; i < 1000; i++) {
          if (text(tape.at(i)) !== text(arena)) {
            return 'differs after ' + i;
          }
          apply(arena, tape.events[i]);
        }
        return arena.resets + ' resets';
        """;
    assertThat(run(laps)).isEqualTo("125 resets");
  }

  @Test
  void aGapInTheEventsEndsTheTape() {
    assertThat(run(TAPE + "append(event(8, 'RESET')); return tape.length + ' ' + tape.torn"))
        .isEqualTo("6 true");
    assertThat(run(TAPE + "append(event(6, 'RESET')); return tape.length + ' ' + tape.torn"))
        .isEqualTo("6 false");
  }

  @Test
  void eachEventIsASentence() {
    assertThat(sentence(2))
        .isEqualTo("Buffer 1 is allocated: 100 B at offset 0 of block 1, for request 1.");
    assertThat(sentence(5)).startsWith("Request 1 has ended, and the arena resets");
    assertThat(sentence(6)).startsWith("Buffer 2 has outlived its request: a straggler");
  }

  private static String sentence(int number) {
    return run(
        TAPE
            + "const { sentence } = await import('/app/motion-words.js');"
            + "return sentence(tape.events["
            + (number - 1)
            + "])");
  }

  @Test
  void connectionsAreOrderedByNumbersInTheirNames() {
    String sorted =
        """
        const { sorted, matches, commonScale } = await import('/app/order.js');
        const connection = (id, name, aliveBytes) => ({ id, name, aliveBytes, releasedBytes: 0,
          stragglingBytes: 0, freeBytes: 0, peakHeldBytes: 0, protocol: 'http', state: 'open' });
        const all = [connection(1, 'a:10', 5), connection(2, 'a:9', 7), connection(3, 'a:100', 5)];
        """;
    assertThat(run(sorted + "return sorted(all, 'name', false).map((each) => each.id).join()"))
        .isEqualTo("2,1,3");
    assertThat(run(sorted + "return sorted(all, 'heldBytes', true).map((each) => each.id).join()"))
        .isEqualTo("2,1,3");
    assertThat(run(sorted + "return matches(all[0], 'HTTP a:1') + ' ' + matches(all[0], 'a:9')"))
        .isEqualTo("true false");
    assertThat(run(sorted + "return commonScale([connection(1, 'a', 70000)], 8192)"))
        .isEqualTo("131072");
    assertThat(run(sorted + "return commonScale(all, 32768) + ' ' + commonScale(all, 131072)"))
        .isEqualTo("32768 65536");
  }

  @Test
  void theHistoryHasAPointASecondForFiveMinutes() {
    String history =
        """
        const { History } = await import('/app/history.js');
        const history = new History();
        for (let at = 0; at <= 400000; at += 100) {
          history.add({ atMillis: at });
        }
        return [history.points.length, history.points[0].atMillis, history.every(10)[1].atMillis].join()
        """;
    assertThat(run(history)).isEqualTo("301,100000,390000");
  }
}
