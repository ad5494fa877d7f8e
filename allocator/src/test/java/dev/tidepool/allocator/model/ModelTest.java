package dev.tidepool.allocator.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random sequences of all operations of an allocator, its arenas and their buffers, by several
 * threads in turn, against a plain model of what every buffer must then hold.
 *
 * <p>{@code -Dtidepool.seed=} runs other sequences, {@code -Dtidepool.model.sequences=} more and
 * {@code -Dtidepool.model.steps=} longer ones. A failure prints the seed that runs the one sequence
 * again, and the shortest part of it that still fails.
 */
class ModelTest {
  private static final long USUAL_SEED = 20_26;
  private static final Long SEED = Long.getLong("tidepool.seed");
  private static final int SEQUENCES = Integer.getInteger("tidepool.model.sequences", 30);
  private static final int STEPS = Integer.getInteger("tidepool.model.steps", 200);
  private static final int SHRINKING_TRIES = Integer.getInteger("tidepool.model.shrinking", 1500);

  static List<Configuration> configurations() {
    return Configuration.all();
  }

  @ParameterizedTest
  @MethodSource("configurations")
  void everyBufferHoldsWhatItsModelHolds(Configuration configuration) {
    long seed = SEED == null ? USUAL_SEED : SEED;
    SplittableRandom seeds = new SplittableRandom(seed + configuration.toString().hashCode());
    run(configuration, SEED == null ? seeds.nextLong() : SEED);
    for (int i = 1; i < SEQUENCES; i++) {
      run(configuration, seeds.nextLong());
    }
  }

  /** A seed is useful only because of this. */
  @ParameterizedTest
  @MethodSource("configurations")
  void aSequenceRunsTheSameWayAgain(Configuration configuration) throws Throwable {
    Sequence sequence = Sequence.random(configuration, USUAL_SEED, STEPS);
    assertThat(sequence.trace()).isEqualTo(sequence.trace());
  }

  private static void run(Configuration configuration, long seed) {
    Sequence sequence = Sequence.random(configuration, seed, STEPS);
    Throwable failure = sequence.failure();
    if (failure != null) {
      throw new AssertionError(report(sequence, seed, failure), failure);
    }
  }

  private static String report(Sequence sequence, long seed, Throwable failure) {
    Sequence shortened = shorten(sequence, failure);
    return """
        -Dtidepool.seed=%d -Dtidepool.model.steps=%d -Dtidepool.model.sequences=1
        %s
        shortened to %d operations, which end in %s:
        %s"""
        .formatted(
            seed,
            sequence.operations().size(),
            failure,
            shortened.operations().size(),
            shortened.failure(),
            shortened);
  }

  private static Sequence shorten(Sequence sequence, Throwable failure) {
    Shrinker shrinker =
        new Shrinker(
            operations -> failure.getClass().isInstance(sequence.with(operations).failure()),
            SHRINKING_TRIES);
    return sequence.with(shrinker.shrink(sequence.operations()));
  }
}
