package dev.tidepool.allocator;

/** A listener to a connection's budget, which pauses reading and closes the channel. */
interface BudgetListener {
  /**
   * {@link ConnectionArena#isUnderPressure()} changed, perhaps more than once. Called later, by a
   * task on the event loop. (An executor that runs tasks within {@code execute} calls it in the
   * middle of an allocation or a release, where it must not allocate, reset or close.)
   */
  void pressureChanged();

  /**
   * An allocation failed, and {@code failure} is about to be thrown to its caller. Called in the
   * middle of the allocation, by its thread, perhaps under a lock: must be quick, and must not
   * allocate, release or wait.
   */
  void allocationFailed(ArenaBudgetExceededException failure);

  /**
   * All connections together are close to the global budget, and this one holds the most, so it
   * should be closed. {@code reason} is not thrown. Called by any thread.
   */
  void closeRequested(ArenaBudgetExceededException reason);
}
