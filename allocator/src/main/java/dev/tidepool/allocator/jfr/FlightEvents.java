package dev.tidepool.allocator.jfr;

import jdk.jfr.FlightRecorder;
import org.jspecify.annotations.Nullable;

/**
 * The way to JDK Flight Recorder: a method for each event, which does nothing unless a recording
 * wants that event. Without a recording the JIT compiler knows that, and leaves the call out; where
 * there is no Flight Recorder, no event class is even loaded.
 *
 * <p>Thread-safe.
 */
public final class FlightEvents {
  private static final boolean AVAILABLE = isAvailable();

  private FlightEvents() {}

  /** Whether there is a Flight Recorder: the module may be missing, or of no use in this JVM. */
  private static boolean isAvailable() {
    try {
      return FlightRecorder.isAvailable();
    } catch (LinkageError | RuntimeException e) {
      return false;
    }
  }

  // Blocks

  /** Where a block or buffer is. */
  public record Place(boolean direct, long address) {}

  public static boolean areBlockAllocationsOn() {
    return AVAILABLE && Probes.ALLOCATE_BLOCK.isEnabled();
  }

  /** A block of {@code capacity} bytes came from upstream. */
  public static void blockAllocated(
      int capacity, Place place, boolean pooled, boolean threadLocal) {
    AllocateBlockEvent event = new AllocateBlockEvent();
    event.fill(capacity, place, pooled, threadLocal);
    event.commit();
  }

  public static boolean areBlockFreesOn() {
    return AVAILABLE && Probes.FREE_BLOCK.isEnabled();
  }

  /** A block of {@code capacity} bytes went back upstream. */
  public static void blockFreed(int capacity, Place place, boolean pooled, boolean threadLocal) {
    FreeBlockEvent event = new FreeBlockEvent();
    event.fill(capacity, place, pooled, threadLocal);
    event.commit();
  }

  // Buffers

  /** The capacities of a buffer: now, without moving, and at most. */
  public record Capacities(int size, int maxFast, int max) {}

  public static boolean areBufferAllocationsOn() {
    return AVAILABLE && Probes.ALLOCATE_BUFFER.isEnabled();
  }

  /** A buffer was allocated on the slow path. */
  public static void bufferAllocated(Capacities capacities, Place place) {
    AllocateBufferEvent event = new AllocateBufferEvent();
    event.fill(capacities, place);
    event.commit();
  }

  public static boolean areReallocationsOn() {
    return AVAILABLE && Probes.REALLOCATE_BUFFER.isEnabled();
  }

  /** A buffer's capacity is about to change to {@code newCapacity}. */
  public static void bufferReallocated(Capacities capacities, Place place, int newCapacity) {
    ReallocateBufferEvent event = new ReallocateBufferEvent();
    event.fill(capacities, place);
    event.newCapacity = newCapacity;
    event.commit();
  }

  public static boolean areBufferFreesOn() {
    return AVAILABLE && Probes.FREE_BUFFER.isEnabled();
  }

  /** A buffer was freed on the slow path. */
  public static void bufferFreed(Capacities capacities, Place place) {
    FreeBufferEvent event = new FreeBufferEvent();
    event.fill(capacities, place);
    event.commit();
  }

  // Requests

  /** A reset that has begun. */
  public interface Reset {
    void end(Object connection, ResetFigures figures);
  }

  /**
   * What a request used and left behind.
   *
   * @param allocated bytes handed out
   * @param blocks still held
   * @param held bytes of those
   */
  public record ResetFigures(
      int request, long allocated, int blocks, long held, int stragglers, boolean closed) {}

  /** Begins a reset's event; null if none is wanted. */
  public static @Nullable Reset beginReset() {
    if (!AVAILABLE || !Probes.ARENA_RESET.isEnabled()) {
      return null;
    }
    ArenaResetEvent event = new ArenaResetEvent();
    event.begin();
    return event;
  }

  // Budgets

  /**
   * A budget refused an allocation.
   *
   * @param asked bytes
   * @param held bytes
   * @param budget bytes
   */
  public static void refused(Object connection, long asked, long held, long budget) {
    if (AVAILABLE && Probes.BUDGET_REFUSAL.isEnabled()) {
      BudgetRefusalEvent event = new BudgetRefusalEvent();
      event.connection = String.valueOf(connection);
      event.asked = asked;
      event.held = held;
      event.budget = budget;
      event.commit();
    }
  }

  /** A pause that has begun. */
  public interface Pause {
    /** One that is not recorded. */
    Pause UNRECORDED = channel -> {};

    void end(Object channel);
  }

  /**
   * Begins a pause's event, if it is wanted.
   *
   * @param streamWindow whether it is the window of an HTTP/2 stream
   */
  public static Pause beginPause(boolean streamWindow) {
    if (!AVAILABLE || !Probes.READ_PAUSE.isEnabled()) {
      return Pause.UNRECORDED;
    }
    ReadPauseEvent event = new ReadPauseEvent();
    event.streamWindow = streamWindow;
    event.begin();
    return event;
  }

  // Leaks

  /** A buffer as a leak report has it; the stacks are null if they were not recorded. */
  public record Leaked(
      int request,
      int capacity,
      boolean direct,
      long ageNanos,
      @Nullable Object allocatedAt,
      @Nullable Object lastTouchedAt) {}

  public static boolean areLeaksOn() {
    return AVAILABLE && Probes.BUFFER_LEAK.isEnabled();
  }

  /** A buffer leaked. */
  public static void leaked(Object connection, Leaked buffer) {
    BufferLeakEvent event = new BufferLeakEvent();
    event.connection = String.valueOf(connection);
    event.request = buffer.request();
    event.capacity = buffer.capacity();
    event.direct = buffer.direct();
    event.age = buffer.ageNanos();
    event.allocatedAt = textOf(buffer.allocatedAt());
    event.lastTouchedAt = textOf(buffer.lastTouchedAt());
    event.commit();
  }

  /** A hold was never closed; {@code takenAt} is null if that was not recorded. */
  public static void holdForgotten(
      Object connection, int request, long ageNanos, @Nullable Object takenAt) {
    if (AVAILABLE && Probes.FORGOTTEN_HOLD.isEnabled()) {
      ForgottenHoldEvent event = new ForgottenHoldEvent();
      event.connection = String.valueOf(connection);
      event.request = request;
      event.age = ageNanos;
      event.takenAt = textOf(takenAt);
      event.commit();
    }
  }

  private static @Nullable String textOf(@Nullable Object stack) {
    return stack == null ? null : stack.toString();
  }

  // The process

  /** A native trim that has begun. */
  public interface NativeTrim {
    /** Ends it, with the bytes that went back to the operating system. */
    void end(long returned);
  }

  /** Begins a native trim's event; null if none is wanted. */
  public static @Nullable NativeTrim beginNativeTrim() {
    if (!AVAILABLE || !Probes.NATIVE_TRIM.isEnabled()) {
      return null;
    }
    NativeTrimEvent event = new NativeTrimEvent();
    event.begin();
    return event;
  }
}
