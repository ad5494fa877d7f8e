package dev.tidepool.allocator.model;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;

/**
 * Shortens a list that fails, by delta debugging: takes ever smaller pieces out for as long as what
 * is left still fails. Then makes the operands of what is left smaller.
 */
final class Shrinker {
  private static final int[] SMALL = {0, 1, 2, 3};

  private final Predicate<List<Operation>> fails;
  private int triesLeft;

  /**
   * @param tries how often {@code fails} is asked at most
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

  /** From the end, since what comes last is needed least by the rest. */
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
