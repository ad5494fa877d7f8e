package dev.tidepool.allocator.budget;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A checker of the invariants that are written at {@link GlobalBudget}, {@link CreditedAccount} and
 * {@link LoopCredit}. For when no thread charges or uncharges.
 */
public final class BudgetChecker {
  private BudgetChecker() {}

  /** Bytes charged, and all unused credit of loops. */
  public static long reserved(GlobalBudget global) {
    return global.account().reserved();
  }

  static void check(GlobalBudget global) {
    CreditedAccount account = global.account();
    long[] unused = new long[1];
    account.forEachCredit(
        credit -> {
          assertThat(credit.unused()).as("unused <= most").isBetween(0L, credit.most());
          unused[0] += credit.unused();
          if (!account.hasCredit()) {
            assertThat(credit.awaitsOpening()).as("no credit is open in an even phase").isTrue();
          }
        });
    long charged = account.charged();
    assertThat(charged).as("0 <= charged <= reserved").isBetween(0L, account.reserved());
    assertThat(account.reserved()).as("reserved <= limit").isLessThanOrEqualTo(account.limit());
    assertThat(account.reserved()).as("charged + unused").isEqualTo(charged + unused[0]);
    checkPressure(global, charged, unused[0]);
  }

  private static void checkPressure(GlobalBudget global, long charged, long unused) {
    long limit = global.account().limit();
    if (global.wantsRoom()) {
      assertThat(unused).as("unused while pressure is on or a read waits").isZero();
    }
    if (charged > limit - limit / 8) {
      assertThat(global.isUnderPressure()).as("pressure with %s charged", charged).isTrue();
    }
    if (charged <= limit - limit / 4) {
      assertThat(global.isUnderPressure()).as("pressure with %s charged", charged).isFalse();
    }
    if (global.account().reserved() > limit - limit / 8) {
      assertThat(unused).as("unused above the high-water mark").isZero();
    }
  }

  /**
   * Checks also that the charged bytes are those that all pools have leased, those of ended loops
   * too.
   *
   * @param notCharged bytes of blocks that overflowed
   */
  public static void check(GlobalBudget global, long leased, long notCharged) {
    check(global);
    assertThat(global.account().charged())
        .as("charged: leased - overflowed")
        .isEqualTo(leased - notCharged);
  }
}
