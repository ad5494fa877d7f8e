package dev.tidepool.echo.load.result;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.load.ErrorCause;
import dev.tidepool.echo.load.LoadResult;
import java.lang.reflect.RecordComponent;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The documentation has the names and the rules of a result. */
class ResultsDocumentTest {
  private static String document() throws Exception {
    return Files.readString(Path.of("docs", "results.md"));
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        LoadReport.class,
        Verdict.class,
        Configuration.class,
        Rates.class,
        LoadReport.Latencies.class,
        LatencyFigures.class,
        HistogramBucket.class,
        LoadReport.Bytes.class,
        LoadResult.ClientSide.class,
        ServerSide.class,
        Threshold.Judged.class
      })
  void hasEachNameOfTheJson(Class<?> type) throws Exception {
    String names = document().substring(document().indexOf("## The JSON"));
    assertThat(Arrays.stream(type.getRecordComponents()).map(RecordComponent::getName))
        .allSatisfy(name -> assertThat(names).contains("`" + name + "`"));
  }

  @Test
  void hasEachCauseOfErrors() throws Exception {
    assertThat(ErrorCause.values())
        .allSatisfy(cause -> assertThat(document()).contains("`" + cause + "`"));
  }

  @Test
  void hasTheVerdictsNumbers() throws Exception {
    assertThat(document())
        .contains("more than " + Verdict.BUSY_PERCENT + " % of a core")
        .contains("more than " + Verdict.LATE_MILLIS + " ms after the schedule")
        .contains("at least " + Verdict.REACHED_PERCENT + " % of the requests");
  }
}
