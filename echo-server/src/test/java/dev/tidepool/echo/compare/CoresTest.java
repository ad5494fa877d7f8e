package dev.tidepool.echo.compare;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The cores that processes are pinned to, and the files that they may open. */
class CoresTest {
  private static final List<String> COMMAND = List.of("java", "-version");

  @Test
  void aCommandIsPinned() {
    Cores cores = Cores.of("0-1:2,3");
    assertThat(Cores.pinned(cores.server(), COMMAND))
        .containsExactly("taskset", "-c", "0-1", "java", "-version");
    assertThat(cores.words()).isEqualTo("the server pinned to core 0-1, the client to core 2,3");
  }

  @Test
  void withoutCoresItIsLeftAsItIs() {
    assertThat(Cores.pinned(Cores.of("none").client(), COMMAND)).isEqualTo(COMMAND);
    assertThat(Cores.NONE.words()).isEqualTo("not pinned");
  }

  @ParameterizedTest
  @CsvSource({"0-1, 0, 1", "'2,3', 2, 3", "4-7, 4, 5", "'3,8-11', 3, 8", "'0-3,8', 0, 1"})
  void theDefaultIsTheFirstTwoThatTheProcessMayUse(String list, String server, String client) {
    assertThat(Cores.firstTwo(list)).isEqualTo(new Cores(server, client));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "5-5"})
  void fewerThanTwoAreNone(String list) {
    assertThat(Cores.firstTwo(list)).isEqualTo(Cores.NONE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "0", "0:1:2", "a:b", "0 1", "1:"})
  void whatAreNoCoresIsRefused(String text) {
    assertThatThrownBy(() -> Cores.of(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'" + text + "' are no cores, expected SERVER:CLIENT such as 0:1, or none");
  }

  @Test
  void aScenarioWithTooManyConnectionsIsRefusedWithTheNumbers() {
    Scenario many = Scenarios.of(Scenarios.MANY_CONNECTIONS);
    assertThat(many.refusal(many.files())).isEmpty();
    assertThat(many.refusal(1024).orElseThrow())
        .isEqualTo(
            "many-connections needs 10,256 open files in each process, and there may be 1,024:"
                + " raise the limit (ulimit -n)");
  }
}
