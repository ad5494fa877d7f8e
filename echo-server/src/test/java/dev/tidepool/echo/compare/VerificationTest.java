package dev.tidepool.echo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.compare.RunResult.Account;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the pages and the outcome say of runs in which something was wrong. */
class VerificationTest {
  private static final RawData.Contents GOOD = MadeRuns.contents(List.of("framed"), 2);

  @TempDir private Path directory;

  private Compare.Outcome pages() throws Exception {
    return Compare.writePages(directory, line -> {});
  }

  private String page() throws Exception {
    return Files.readString(directory.resolve("COMPARISON.md"));
  }

  @Test
  void whereAllIsRightNothingIsSaid() throws Exception {
    MadeRuns.write(directory, GOOD);
    assertThat(pages().verified()).isTrue();
    assertThat(page()).doesNotContain("wrong").doesNotContain("lost");
  }

  static List<Account> faults() {
    return List.of(new Account(false, 0, 0), new Account(true, 0, 1));
  }

  @ParameterizedTest
  @MethodSource("faults")
  void oneFaultyRunIsAtTheHeadOfThePage(Account account) throws Exception {
    List<RunResult> runs = new ArrayList<>(GOOD.runs());
    runs.set(1, runs.get(1).with(account));
    MadeRuns.write(directory, new RawData.Contents(GOOD.setup(), runs, List.of()));
    Compare.Outcome outcome = pages();
    assertThat(outcome.verified()).isFalse();
    assertThat(outcome.headline().get(0))
        .isEqualTo(
            "Answers were wrong or memory was lost in 1 run (arena in framed): the notes there say"
                + " which");
    assertThat(page())
        .contains(outcome.headline().get(0) + ".")
        .containsPattern("> (Not all of the server's memory went|1 answer was wrong).* of arena");
  }

  @Test
  void theServersErrorsAreNoFault() throws Exception {
    List<RunResult> runs =
        GOOD.runs().stream().map(run -> run.with(new Account(true, 2, 0))).toList();
    MadeRuns.write(directory, new RawData.Contents(GOOD.setup(), runs, List.of()));
    assertThat(pages().verified()).isTrue();
    assertThat(page()).contains("> The server counted 24 errors, in 2 of 2 runs of connection");
  }

  /** In the raw data, as earlier versions wrote them without an account. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"mismatchedBytes\":7",
        "\"errors\":{\"mismatch\":1}",
        "\"leaks\":2",
      })
  void measuredFaultsAreFoundInEarlierDataToo(String fault) throws Exception {
    MadeRuns.write(directory, GOOD);
    Path raw = RawData.file(directory);
    String data = Files.readString(raw).replaceAll("\"account\":\\{[^}]*},?", "");
    assertThat(data).doesNotContain("account").doesNotContain(",}");
    Files.writeString(raw, data);
    assertThat(pages().verified()).isTrue();
    String name = fault.substring(0, fault.indexOf(':'));
    Files.writeString(raw, data.replaceFirst(name + ":(0|\\{})", fault));
    assertThat(pages().verified()).isFalse();
  }

  @Test
  void aFaultyPilotIsToldOfToo() throws Exception {
    MadeRuns.write(directory, GOOD);
    Account account = new Account(false, 0, 0);
    RunFailure pilot = new RunFailure("it kept 3 KiB", "framed", "arena", 0, account);
    Path raw = RawData.file(directory);
    Files.writeString(raw, Files.readString(raw) + Json.line(pilot) + "\n");
    assertThat(pages().verified()).isFalse();
    assertThat(page())
        .contains("lost in 1 run (arena in framed)")
        .contains("> A run with arena in the pilot was faulty: it kept 3 KiB.");
  }
}
