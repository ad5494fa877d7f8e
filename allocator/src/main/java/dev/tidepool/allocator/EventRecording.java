package dev.tidepool.allocator;

import dev.tidepool.allocator.memory.Arena;
import dev.tidepool.allocator.memory.ArenaRecorder;
import dev.tidepool.allocator.threads.LoopTasks;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A recording of the latest events of one connection's arena; see {@link
 * ConnectionArena#recordEvents}. Closed by {@link #close()}, or with the arena; what it holds then
 * can still be read.
 *
 * <p><b>Threads.</b> Any thread may call any method. Readers hold up neither the event loop nor
 * each other.
 */
public final class EventRecording implements AutoCloseable {
  private static final int MOST = 1 << 20;

  private final ArenaRouter arena;
  private final ArenaRecorder recorder = new ArenaRecorder(this::note);
  private final EventRing ring;

  private long start;
  private volatile boolean begun;

  private EventRecording(ArenaRouter arena, int capacity) {
    this.arena = arena;
    this.ring = new EventRing(capacity);
  }

  /** See {@link ConnectionArena#recordEvents}. */
  static EventRecording start(ArenaRouter arena, int capacity) {
    if (capacity < 1 || capacity > MOST) {
      throw new IllegalArgumentException(
          "capacity: %d (expected: 1 to %d)".formatted(capacity, MOST));
    }
    EventRecording recording = new EventRecording(arena, capacity);
    ConnectionExtras extras = arena.ownExtras();
    synchronized (extras) {
      requireNone(arena, extras.recording);
      extras.recording = recording;
    }
    LoopTasks.run(arena.executor(), recording::begin);
    return recording;
  }

  private static void requireNone(ArenaRouter arena, @Nullable EventRecording existing) {
    Arguments.requireOpen("recordEvents", arena.isClosed());
    if (existing != null && !existing.isClosed()) {
      throw new IllegalStateException(
          "recordEvents: arena of a connection, recorded: true (expected: its recording closed)");
    }
  }

  /**
   * Records first what the event loop's arenas hold, then what lanes do. Dekker with {@link
   * ConnectionLanes}: this writes {@code begun}, then reads the lanes; a lane's maker publishes it,
   * then reads {@code begun}.
   */
  private void begin() {
    start = System.nanoTime();
    arena.forEachArena(this::beginIfHeld);
    begun = true;
    arena.forEachArena(each -> each.pool().ownership().run(() -> begin(each)));
    if (arena.isClosed()) {
      close(); // it closed before this began
    }
  }

  private void beginIfHeld(Arena each) {
    if (each.pool().ownership().isHeld()) {
      begin(each);
    }
  }

  private void begin(Arena each) {
    if (!isClosed()) {
      each.recordIn(recorder);
    }
  }

  /** The recorder while this has begun and is open. Any thread. */
  @Nullable ArenaRecorder recorderIfOn() {
    return begun && !isClosed() ? recorder : null;
  }

  // Events

  private void note(ArenaRecorder.Event event) {
    ring.add(of(event, ring.last() + 1));
  }

  private ArenaEvent of(ArenaRecorder.Event event, long sequence) {
    boolean isOfRequest = event.request() != ArenaRecorder.Event.CURRENT_REQUEST;
    return new ArenaEvent(
        sequence,
        nanos(),
        ArenaEvent.Kind.valueOf(event.kind().name()),
        event.block(),
        event.blockBytes(),
        event.direct(),
        event.offset(),
        event.length(),
        event.buffer(),
        isOfRequest ? event.request() : arena.request(),
        Thread.currentThread().getName());
  }

  /** 0 for what was held when this began, and for what lanes do meanwhile. */
  private long nanos() {
    return begun ? System.nanoTime() - start : 0;
  }

  /**
   * {@return the events after the one with that number, in order: {@code eventsSince(0)} are all
   * that are still there} The next call asks for those since the last one's number. A gap in the
   * numbers is of events that were replaced by later ones before they were read.
   *
   * @param sequence at least 0
   * @throws IllegalArgumentException if {@code sequence} is negative
   */
  public List<ArenaEvent> eventsSince(long sequence) {
    Arguments.requireNotNegative("sequence", sequence);
    return ring.since(sequence);
  }

  /**
   * {@return the number of events that later ones replaced before a call of {@code eventsSince}}
   */
  public long dropped() {
    return ring.dropped();
  }

  /** {@return whether nothing is recorded any more} */
  public boolean isClosed() {
    return recorder.isClosed();
  }

  /** Ends the recording. A second call does nothing. */
  @Override
  public void close() {
    if (!isClosed()) {
      recorder.close();
      LoopTasks.run(arena.executor(), this::end);
    }
  }

  /** Has the fast path serve again. */
  private void end() {
    arena.forEachArena(each -> each.pool().ownership().run(() -> each.endRecording(recorder)));
    LoopArenas loop = arena.loopHere();
    if (loop != null) {
      recorder.leave(loop.pool()); // if its arenas are another connection's by now
      loop.idle.forEach(arenas -> arenas.forEachArena(each -> each.endRecording(recorder)));
    }
  }

  @Override
  public String toString() {
    return "EventRecording(%s, %s, events: %d, dropped: %d)"
        .formatted(arena.connection(), isClosed() ? "closed" : "open", ring.last(), dropped());
  }
}
