package dev.tidepool.allocator.jfr;

import jdk.jfr.Event;

/**
 * One event of each kind, to ask whether a recording wants such events. Each is a constant, so
 * without a recording the JIT compiler leaves out what depends on the answer. Not to be touched
 * where there is no Flight Recorder.
 */
final class Probes {
  static final Event ALLOCATE_BLOCK = new AllocateBlockEvent();
  static final Event ALLOCATE_BUFFER = new AllocateBufferEvent();
  static final Event ARENA_RESET = new ArenaResetEvent();
  static final Event BUDGET_REFUSAL = new BudgetRefusalEvent();
  static final Event BUFFER_LEAK = new BufferLeakEvent();
  static final Event FORGOTTEN_HOLD = new ForgottenHoldEvent();
  static final Event FREE_BLOCK = new FreeBlockEvent();
  static final Event FREE_BUFFER = new FreeBufferEvent();
  static final Event NATIVE_TRIM = new NativeTrimEvent();
  static final Event READ_PAUSE = new ReadPauseEvent();
  static final Event REALLOCATE_BUFFER = new ReallocateBufferEvent();

  private Probes() {}
}
