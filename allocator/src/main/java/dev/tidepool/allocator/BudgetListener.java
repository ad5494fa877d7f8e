package dev.tidepool.allocator;

/**
 * Hears of a connection's budget. {@code ArenaLifecycleHandler} is one: it pauses reading, and
 * closes the channel.
 */
interface BudgetListener {
  /**
   * {@link ConnectionArena#isUnderPressure()} changed, maybe more than once. Called on the event
   * loop, later. (An executor that runs tasks within {@code execute} calls it in the middle of an
   * allocation or a release: there it must not allocate, reset or close.)
   */
  void pressureChanged();

  /**
   * An allocation failed, and its caller is about to get {@code failure} thrown. Called by the
   * thread that allocates, in the middle of it, maybe with a lock in hand: must be quick, and must
   * not allocate, release or wait.
   */
  void allocationFailed(ArenaBudgetExceededException failure);

  /**
   * All connections together are close to the global budget, and this one holds most of them all:
   * it should be closed, for the others' sake. Nobody gets {@code reason} thrown. Called by any
   * thread.
   */
  void closeRequested(ArenaBudgetExceededException reason);
}
