package dev.tidepool.allocator.contract;

import static io.netty.util.ResourceLeakDetector.Level.DISABLED;
import static io.netty.util.ResourceLeakDetector.Level.PARANOID;
import static io.netty.util.ResourceLeakDetector.Level.SIMPLE;

import dev.tidepool.allocator.Checks;
import dev.tidepool.allocator.UpstreamGuard;
import io.netty.util.ResourceLeakDetector;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * One way to get a buffer, on which a contract suite runs.
 *
 * @param from the allocator
 * @param direct whether the memory is direct
 * @param littleEndian whether the suite sees the buffer through {@code order(LITTLE_ENDIAN)}
 * @param checks the allocator's option
 * @param threads which thread allocates, and which uses
 * @param detection the level of leak detection, not by chance: none, or of each buffer, by Netty
 *     with {@code PARANOID}, by the shared allocator itself with {@code SIMPLE}
 */
record Variant(
    From from,
    boolean direct,
    boolean littleEndian,
    Checks checks,
    Threads threads,
    ResourceLeakDetector.Level detection) {
  Variant {
    checks = UpstreamGuard.checks(checks);
  }

  enum From {
    /** The shared allocator. */
    SHARED,
    /** A connection's arena. */
    CONNECTION,
    /** A connection's arena, reset before the buffer is used, which outlives its request. */
    CONNECTION_RESET,
    /** A connection's arena, closed before the buffer is used, which outlives its connection. */
    CONNECTION_CLOSED
  }

  enum Threads {
    /** Allocated, used and released on the owner's event loop: the fast path. */
    EVENT_LOOP,
    /** All of it on a thread that owns no pool: the lane that a lock guards. */
    PLAIN,
    /** Allocated on the event loop, used and released by a plain thread. */
    LOOP_TO_PLAIN,
    /** Allocated by a plain thread, used and released on the event loop. */
    PLAIN_TO_LOOP,
    /** {@link #LOOP_TO_PLAIN}, but the owner thread ended before the buffer is used. */
    ORPHANED;

    boolean testsRunOnLoop() {
      return this == EVENT_LOOP || this == PLAIN_TO_LOOP;
    }
  }

  /** Direct and heap, big endian, unchecked, on the event loop. */
  static Stream<Variant> of(From... from) {
    return Stream.of(from).flatMap(each -> Stream.of(basic(each, true), basic(each, false)));
  }

  private static Variant basic(From from, boolean direct) {
    return new Variant(from, direct, false, Checks.OFF, Threads.EVENT_LOOP, DISABLED);
  }

  /**
   * Both orders of bytes, both kinds of checks and every life of an arena on the event loop; on
   * other threads without what nothing there depends on; and leak detection of each buffer. With
   * {@code -Dtidepool.contract.few=true} the few that mutation testing has the time for.
   */
  static Stream<Variant> all() {
    return Boolean.getBoolean("tidepool.contract.few") ? few() : each();
  }

  private static Stream<Variant> few() {
    Variant direct = basic(From.CONNECTION, true).with(Checks.FULL);
    return Stream.concat(
        offAndFull(of(From.CONNECTION)),
        Stream.of(direct.on(Threads.PLAIN), direct.on(Threads.LOOP_TO_PLAIN)));
  }

  private static Stream<Variant> each() {
    return Stream.of(
            offAndFull(allocators()).flatMap(v -> Stream.of(v, v.asLittleEndian())),
            offAndFull(of(From.CONNECTION_RESET, From.CONNECTION_CLOSED)),
            offAndFull(allocators().map(v -> v.on(Threads.PLAIN))),
            offAndFull(allocators().map(v -> v.on(Threads.LOOP_TO_PLAIN))),
            allocators().map(v -> v.on(Threads.PLAIN_TO_LOOP)),
            allocators().map(v -> v.on(Threads.ORPHANED)),
            allocators().map(v -> v.with(PARANOID)),
            offAndFull(of(From.SHARED)).map(v -> v.with(SIMPLE)),
            of(From.SHARED).map(v -> v.on(Threads.LOOP_TO_PLAIN).with(SIMPLE)),
            of(From.SHARED).map(v -> v.on(Threads.PLAIN_TO_LOOP).with(SIMPLE)))
        .flatMap(Function.identity());
  }

  /** An allocator on the event loop and on a plain thread, unchecked and fully checked. */
  static Stream<Variant> ofAllocator(From from) {
    Variant basic = basic(from, true);
    return offAndFull(Stream.of(basic, basic.on(Threads.PLAIN)));
  }

  private static Stream<Variant> allocators() {
    return of(From.SHARED, From.CONNECTION);
  }

  private static Stream<Variant> offAndFull(Stream<Variant> variants) {
    return variants.flatMap(v -> Stream.of(v, v.with(Checks.FULL)));
  }

  Variant asLittleEndian() {
    return new Variant(from, direct, true, checks, threads, detection);
  }

  Variant on(Threads threads) {
    return new Variant(from, direct, littleEndian, checks, threads, detection);
  }

  Variant with(Checks checks) {
    return new Variant(from, direct, littleEndian, checks, threads, detection);
  }

  Variant with(ResourceLeakDetector.Level detection) {
    return new Variant(from, direct, littleEndian, checks, threads, detection);
  }

  @Override
  public String toString() {
    return "%s %s %s, checks %s, %s%s"
        .formatted(
            from,
            direct ? "direct" : "heap",
            littleEndian ? "LE" : "BE",
            checks,
            threads,
            detection == DISABLED ? "" : ", leak detection " + detection);
  }
}
