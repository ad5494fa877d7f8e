package dev.tidepool.allocator.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * A delta debugger: shortens a failing list by taking out ever smaller pieces while the rest still
 * fails. Then it makes the operands of the rest smaller.
 */
final class Shrinker {
  private static final int[] SMALL = {0, 1, 2, 3};

  private final Predicate<List<Operation>> fails;
  private int triesLeft;

  /**
   * @param tries the most calls of {@code fails}
   */
  Shrinker(Predicate<List<Operation>> fails, int tries) {
    this.fails = fails;
    this.triesLeft = tries;
  }

  List<Operation> shrink(List<Operation> failing) {
    List<Operation> before;
    List<Operation> left = failing;
    do {
      before = left;
      left = withSmallerOperands(shorten(before));
    } while (!left.equals(before) && triesLeft > 0);
    return left;
  }

  private List<Operation> shorten(List<Operation> failing) {
    List<Operation> left = failing;
    for (int piece = Math.max(1, left.size() / 2); piece > 0; ) {
      List<Operation> shorter = withoutPieces(left, piece);
      piece = shorter.size() < left.size() ? Math.min(piece, shorter.size()) : piece / 2;
      left = shorter;
    }
    return left;
  }

  /** Tries from the end: later operations are needed least by the rest. */
  private List<Operation> withoutPieces(List<Operation> operations, int piece) {
    List<Operation> left = operations;
    for (int to = left.size(); to > 0; to -= piece) {
      int from = Math.max(0, to - piece);
      List<Operation> shorter = new ArrayList<>(left.subList(0, from));
      shorter.addAll(left.subList(to, left.size()));
      if (stillFails(shorter)) {
        left = shorter;
      }
    }
    return left;
  }

  private List<Operation> withSmallerOperands(List<Operation> operations) {
    List<Operation> left = new ArrayList<>(operations);
    for (int i = 0; i < left.size(); i++) {
      for (int operand = 0; operand < Operation.OPERANDS; operand++) {
        makeSmaller(left, i, operand);
      }
    }
    return left;
  }

  private void makeSmaller(List<Operation> left, int index, int operand) {
    Operation before = left.get(index);
    for (int value : SMALL) {
      if (value >= before.operand(operand)) {
        break;
      }
      left.set(index, before.with(operand, value));
      if (stillFails(left)) {
        return;
      }
    }
    left.set(index, before);
  }

  private boolean stillFails(List<Operation> operations) {
    return triesLeft-- > 0 && fails.test(operations);
  }
}
