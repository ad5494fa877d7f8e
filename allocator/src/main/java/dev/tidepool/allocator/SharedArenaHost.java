package dev.tidepool.allocator;

import dev.tidepool.allocator.budget.Budget;
import dev.tidepool.allocator.budget.GlobalBudget;
import dev.tidepool.allocator.budget.LoopCredit;
import dev.tidepool.allocator.memory.Arena;
import dev.tidepool.allocator.memory.ArenaByteBuf;
import dev.tidepool.allocator.memory.ArenaHost;
import io.netty.buffer.ByteBufAllocator;

/**
 * What the arenas that belong to no connection ask of their allocator. They have no budget but the
 * global one.
 */
record SharedArenaHost(ArenaByteBufAllocator shared) implements ArenaHost {
  @Override
  public Object user() {
    return "the shared allocator";
  }

  @Override
  public ByteBufAllocator allocator() {
    return shared;
  }

  @Override
  public ArenaByteBuf allocateSlow(Arena arena, int length, int maxCapacity) {
    return arena.pool().isOwned()
        ? arena.allocateOwned(length, maxCapacity)
        : shared.allocateInLane(arena.kind(), length, maxCapacity);
  }

  @Override
  public ArenaByteBuf allocateElsewhere(Arena arena, int length) {
    return shared.allocateInLane(arena.kind(), length, length);
  }

  @Override
  public boolean charge(Arena arena, int bytes) {
    GlobalBudget global = shared.globalBudget();
    if (global == null) {
      return true;
    }
    LoopCredit credit = shared.loops().creditAt(arena.pool());
    if (global.charge(credit, bytes)) {
      return true;
    }
    arena.giveBackEmpty(); // what holds nothing is no reason to refuse
    return global.charge(credit, bytes);
  }

  @Override
  public void uncharge(Arena arena, int bytes) {
    GlobalBudget global = shared.globalBudget();
    if (global != null) {
      global.uncharge(shared.loops().creditAt(arena.pool()), bytes);
    }
  }

  @Override
  public boolean wantsRoom() {
    GlobalBudget global = shared.globalBudget();
    return global != null && global.wantsRoom();
  }

  @Override
  public boolean makeRoom(Arena arena, int bytes) {
    GlobalBudget global = shared.globalBudget();
    return global != null
        && shared.options().budgetPolicy() != BudgetPolicy.OVERFLOW
        && shared.loops().makeRoom(global);
  }

  @Override
  public void overBudget(Arena arena, int bytes) {
    GlobalBudget global = shared.globalBudget();
    if (global == null || shared.options().budgetPolicy() == BudgetPolicy.OVERFLOW) {
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
    throw refusal;
  }

  @Override
  public void overflowed(Arena arena, int bytes) {
    shared.sharedMetric().overflowed(bytes);
  }
}
