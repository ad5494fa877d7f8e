package dev.tidepool.echo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The command line of compare, as far as it runs nothing. */
class CompareCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int compare(String... args) {
    return TidepoolEcho.commandLine(
            new PrintWriter(out, true), new PrintWriter(err, true), new ShutdownSignal())
        .execute(args);
  }

  @ParameterizedTest
  @CsvSource({
    "--allocators, 'pooled,arena,POOLED', pooled",
    "--allocators, 'io.netty.buffer.PooledByteBufAllocator,io.netty.buffer.PooledByteBufAllocator',"
        + " io.netty.buffer.PooledByteBufAllocator",
    "--scenarios, 'framed,h2,framed', framed"
  })
  void whatIsThereTwiceIsRefused(String option, String values, String twice) {
    assertThat(compare("compare", option, values)).isEqualTo(2);
    assertThat(err.toString())
        .startsWith(
            "Invalid value for option '%s': '%s' is there twice, expected each once"
                .formatted(option, twice));
    assertThat(out.toString()).isEmpty();
  }
}
