package dev.tidepool.allocator;

import dev.tidepool.allocator.budget.Budget;
import dev.tidepool.allocator.budget.GlobalBudget;
import dev.tidepool.allocator.budget.LoopCredit;
import dev.tidepool.allocator.memory.Arena;
import dev.tidepool.allocator.memory.ArenaBudget;

/** The budget of blocks that belong to no connection: the global budget alone. Thread-safe. */
final class SharedBudget implements ArenaBudget {
  private final ArenaByteBufAllocator shared;
  private final GlobalBudget global;

  SharedBudget(ArenaByteBufAllocator shared, GlobalBudget global) {
    this.shared = shared;
    this.global = global;
  }

  /** The budget without a global limit: charges nothing, and counts what overflows. */
  record Unlimited(ArenaByteBufAllocator shared) implements ArenaBudget {
    @Override
    public void overflowed(int bytes) {
      shared.sharedMetric().overflowed(bytes);
    }
  }

  @Override
  public boolean charge(Arena arena, int bytes) {
    LoopCredit credit = shared.pools().creditAt(arena.pool());
    if (global.charge(credit, bytes)) {
      return true;
    }
    arena.giveBackEmpty(); // empty blocks must not cause a refusal
    return global.charge(credit, bytes);
  }

  @Override
  public void uncharge(Arena arena, int bytes) {
    global.uncharge(shared.pools().creditAt(arena.pool()), bytes);
  }

  @Override
  public boolean makeRoom(Arena arena, int bytes) {
    if (mayOverflow()) {
      return false;
    }
    shared.pools().reclaiming().makeRoom(global);
    return true;
  }

  private boolean mayOverflow() {
    return shared.options().get(Options.BUDGET_POLICY) == BudgetPolicy.OVERFLOW;
  }

  @Override
  public void refuse(int bytes) {
    if (mayOverflow()) {
      return;
    }
    shared.sharedMetric().refused();
    ArenaBudgetExceededException refusal =
        ArenaBudgetExceededException.refused(
            shared,
            Budget.Shortage.of("globalBudget", global.account()),
            bytes,
            LiveBuffers.unknown());
    shared.refusalLog().refused(refusal.report());
    throw refusal.recorded();
  }

  @Override
  public void overflowed(int bytes) {
    shared.sharedMetric().overflowed(bytes);
  }

  @Override
  public boolean wantsRoom() {
    return global.wantsRoom();
  }
}
