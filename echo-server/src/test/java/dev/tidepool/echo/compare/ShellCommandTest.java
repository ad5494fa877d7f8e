package dev.tidepool.echo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Commands as they are printed. */
class ShellCommandTest {

  @Test
  void aShellSplitsItIntoTheSameWords() throws Exception {
    List<String> words =
        List.of(
            "-Xmx1g -Xmn64m", "it's", "$HOME", "{\"a\":\"b\"}", "", "~", "a*", "\\", "a\nb", "#");
    List<String> command = new ArrayList<>(List.of("printf", "<%s>"));
    command.addAll(words);
    Process shell = new ProcessBuilder("sh", "-c", ShellCommand.of(command)).start();
    String printed = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(printed).isEqualTo("<" + String.join("><", words) + ">");
  }

  @Test
  void plainWordsAreLeftAsTheyAre() {
    List<String> words =
        List.of("java", "-cp", "a/b.jar:c.jar", "--cores=0:1", "-x", "4,5", "%h@i+_");
    assertThat(ShellCommand.of(words)).isEqualTo(String.join(" ", words));
  }
}
