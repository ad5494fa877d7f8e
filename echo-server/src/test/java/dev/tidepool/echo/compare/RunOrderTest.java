package dev.tidepool.echo.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.server.AllocatorChoice;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The order in which a comparison runs. */
class RunOrderTest {
  @Test
  void everySecondRoundIsReversed() {
    List<Subject> subjects =
        Subject.withTwin(List.of(AllocatorChoice.CONNECTION, AllocatorChoice.POOLED));
    List<Scenario> scenarios = List.of(Scenarios.of("framed"), Scenarios.of("h2"));
    assertThat(RunOrder.of(scenarios, subjects, 2))
        .extracting(
            step -> step.round() + " " + step.scenario().name() + " " + step.subject().label())
        .containsExactly(
            "1 framed connection",
            "1 framed pooled",
            "1 framed connection again",
            "1 h2 connection",
            "1 h2 pooled",
            "1 h2 connection again",
            "2 framed connection again",
            "2 framed pooled",
            "2 framed connection",
            "2 h2 connection again",
            "2 h2 pooled",
            "2 h2 connection");
  }

  @Test
  void eachPairOfRoundsBeginsWithTheNextSubject() {
    List<Subject> subjects =
        Subject.withTwin(List.of(AllocatorChoice.CONNECTION, AllocatorChoice.POOLED));
    assertThat(RunOrder.of(List.of(Scenarios.of("framed")), subjects, 6))
        .extracting(step -> step.round() + " " + step.subject().label())
        .containsExactly(
            "1 connection",
            "1 pooled",
            "1 connection again",
            "2 connection again",
            "2 pooled",
            "2 connection",
            "3 pooled",
            "3 connection again",
            "3 connection",
            "4 connection",
            "4 connection again",
            "4 pooled",
            "5 connection again",
            "5 connection",
            "5 pooled",
            "6 pooled",
            "6 connection",
            "6 connection again");
  }

  @Test
  void theTwinIsTheFirstAllocatorUnderAnotherLabel() {
    List<Subject> subjects =
        Subject.withTwin(List.of(AllocatorChoice.ADAPTIVE, AllocatorChoice.CONNECTION));
    assertThat(subjects).extracting(Subject::allocator).endsWith("adaptive");
    assertThat(subjects).extracting(Subject::twin).containsExactly(false, false, true);
    assertThat(subjects.get(0).isPeer()).isTrue();
    assertThat(subjects.get(1).isOurs()).isTrue();
    assertThat(subjects.get(2).isPeer()).as("the twin is compared with nothing").isFalse();
  }

  /** The runs of both would else be taken for those of one. */
  @Test
  void classesOfTheSameSimpleNameHaveTheirWholeNames() {
    String own = PooledByteBufAllocator.class.getName();
    String nettys = io.netty.buffer.PooledByteBufAllocator.class.getName();
    List<AllocatorChoice> choices =
        Stream.of(own, nettys, "io.netty.buffer.AdaptiveByteBufAllocator", "pooled")
            .map(AllocatorChoice::of)
            .toList();
    assertThat(Subject.withTwin(choices))
        .extracting(Subject::label)
        .containsExactly(own, nettys, "AdaptiveByteBufAllocator", "pooled", own + " again");
  }
}
