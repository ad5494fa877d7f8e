package dev.tidepool.allocator.model;

/**
 * One step of a sequence, as plain data. Operands are taken modulo what there is when the step
 * runs, so that a sequence stays valid after any of its steps were taken out.
 *
 * @param actor which thread runs it: see {@link Actors}
 * @param a mostly: which buffer or arena
 * @param b mostly: a size or an index
 * @param c mostly: the bytes to write, and which of several ways to do it
 */
record Operation(Kind kind, int actor, int a, int b, int c) {

  /** The kinds of operation, with their weights. */
  enum Kind {
    ALLOCATE(30),
    WRITE(12),
    READ(3),
    SET(4),
    GET(3),
    COPY_BYTES(5),
    NIO(2),
    CAPACITY(12),
    INDICES(3),
    DISCARD(2),
    SLICE(3),
    DUPLICATE(2),
    RETAIN(4),
    RELEASE(25),
    RELEASE_MANY(1),
    LATE_USE(2),
    COPY(2),
    COPY_OUT(1),
    RESET(6),
    ON_RESET(1),
    CLOSE(2),
    OPEN(2),
    NEW_CHILD(3),
    STRAGGLERS(2),
    TRIM(2),
    TRIM_TICK(3),
    FAIL_UPSTREAM(3),
    END_LOOP(1),
    SUSPEND_LOOP(1),
    RECORD(2);

    final int weight;

    Kind(int weight) {
      this.weight = weight;
    }
  }

  /** The number of operands, the actor being one. */
  static final int OPERANDS = 4;

  int operand(int which) {
    return new int[] {actor, a, b, c}[which];
  }

  Operation with(int which, int value) {
    int[] operands = {actor, a, b, c};
    operands[which] = value;
    return new Operation(kind, operands[0], operands[1], operands[2], operands[3]);
  }

  /** Java source, to be pasted into a test. */
  @Override
  public String toString() {
    return "new Operation(%s, %d, %d, %d, %d)".formatted(kind, actor, a, b, c);
  }
}
