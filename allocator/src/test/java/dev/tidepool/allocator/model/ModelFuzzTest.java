package dev.tidepool.allocator.model;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Tag;

/**
 * The model test with operations chosen by Jazzer, which keeps what reached new code and varies it.
 * With {@code JAZZER_FUZZ=1} it searches for more; without, it replays the corpus in the resources.
 */
@Tag("fuzz")
class ModelFuzzTest {
  private static final int MOST_OPERATIONS = 120;
  private static final int LARGEST_OPERAND = 0xffff;
  private static final List<Operation.Kind> KINDS =
      Arrays.stream(Operation.Kind.values())
          .flatMap(kind -> Collections.nCopies(kind.weight, kind).stream())
          .toList();

  @FuzzTest(maxDuration = "30s")
  void everyBufferHoldsWhatItsModelHolds(FuzzedDataProvider data) {
    Sequence sequence = new Sequence(data.pickValue(Configuration.all()), operations(data));
    Throwable failure = sequence.failure();
    if (failure != null) {
      throw new AssertionError(failure + "\n" + sequence, failure);
    }
  }

  private static List<Operation> operations(FuzzedDataProvider data) {
    List<Operation> operations = new ArrayList<>();
    operations.add(new Operation(Operation.Kind.OPEN, 0, 0, 0, 0));
    while (data.remainingBytes() > 0 && operations.size() < MOST_OPERATIONS) {
      operations.add(operation(data));
    }
    return operations;
  }

  private static Operation operation(FuzzedDataProvider data) {
    return new Operation(
        data.pickValue(KINDS),
        Actors.USUALLY[data.consumeInt(0, Actors.USUALLY.length - 1)],
        data.consumeInt(0, LARGEST_OPERAND),
        data.consumeInt(0, LARGEST_OPERAND),
        data.consumeInt(0, LARGEST_OPERAND));
  }
}
