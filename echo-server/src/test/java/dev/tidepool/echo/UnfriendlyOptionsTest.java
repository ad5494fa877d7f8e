package dev.tidepool.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.load.UnfriendlySettings;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class UnfriendlyOptionsTest {
  @Command
  private static final class Options {
    @Mixin private final UnfriendlyOptions unfriendly = new UnfriendlyOptions();
  }

  private static UnfriendlyOptions parse(String line) {
    return CommandLine.populateCommand(new Options(), line.split(" ")).unfriendly;
  }

  @Test
  void eachOptionIsASetting() {
    UnfriendlyOptions options =
        parse(
            "--slow-readers 10% --read-rate 2K --abort 1.5% --dribble --greedy 3 --idle 4"
                + " --connect-rate 500 --channel-lifetime 2s");
    assertThat(options.settings()).isEqualTo(new UnfriendlySettings(10, 2048, 1.5, true, 3, 4));
    assertThat(options.connectRate).isEqualTo(500);
    assertThat(options.channelLifetime).isEqualTo(Duration.ofSeconds(2));
  }

  @Test
  void withoutThemALoadIsFriendly() {
    UnfriendlyOptions options = parse("--connect-rate 500");
    assertThat(options.settings()).isEqualTo(UnfriendlySettings.NONE);
    assertThat(options.channelLifetime).isNull();
  }
}
