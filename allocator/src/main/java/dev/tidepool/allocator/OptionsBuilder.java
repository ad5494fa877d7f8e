package dev.tidepool.allocator;

import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options of an {@link ArenaByteBufAllocator}, each with its default. Not thread-safe.
 *
 * @param <B> the builder that each option answers
 */
abstract class OptionsBuilder<B extends OptionsBuilder<B>> {
  private final Map<Option<?>, @Nullable Object> values = new HashMap<>();
  private LeakListener leakListener = report -> {};

  /**
   * Where backing memory comes from, whole blocks at a time; default {@code
   * UnpooledByteBufAllocator.DEFAULT}, so that Netty's own accounting and limits hold.
   */
  public B upstream(ByteBufAllocator upstream) {
    return set(Options.UPSTREAM, upstream);
  }

  /** Whether {@code buffer()} is direct; default true. */
  public B preferDirect(boolean preferDirect) {
    return set(Options.PREFER_DIRECT, preferDirect);
  }

  /**
   * Bytes of the smallest block, a power of two from 1 KiB; default 4 KiB. The least that a
   * connection with anything alive holds.
   */
  public B minBlockSize(int minBlockSize) {
    return set(Options.MIN_BLOCK_SIZE, minBlockSize);
  }

  /**
   * Bytes of the largest block that is pooled, a power of two up to 1 GiB; default 4 MiB. A larger
   * buffer gets memory of its own, which goes back upstream on release.
   */
  public B maxBlockSize(int maxBlockSize) {
    return set(Options.MAX_BLOCK_SIZE, maxBlockSize);
  }

  /**
   * Every direct buffer's address is a multiple of this many bytes, a power of two from 8 to 4096;
   * default 16. Heap buffers are so aligned within their array.
   */
  public B alignment(int alignment) {
    return set(Options.ALIGNMENT, alignment);
  }

  /** Bytes of idle blocks that one event loop keeps at most; default 32 MiB. */
  public B maxRetainedPerLoop(long maxRetainedPerLoop) {
    return set(Options.MAX_RETAINED_PER_LOOP, maxRetainedPerLoop);
  }

  /**
   * What lies idle goes back upstream within this time, and not before three quarters of it have
   * passed; default 1 s. Zero: never.
   */
  public B trimInterval(Duration trimInterval) {
    return set(Options.TRIM_INTERVAL, trimInterval);
  }

  /**
   * When so many bytes of direct memory have gone back upstream, the C library is made to give free
   * memory back to the operating system: glibc keeps what is freed, and containers are killed by
   * resident memory. Default 16 MiB; zero: never.
   *
   * <p>A daemon thread does it, once for the whole process however many allocators there are, by
   * the JDK's diagnostic command {@code System.trim_native_heap} (JDK 17.0.9 and later, Linux with
   * glibc; elsewhere nothing happens). It takes 0.1 to 0.3 ms for each MiB, in which other threads
   * may have to wait: for the C library, as for a new block, and for a garbage collection, as the
   * command holds up safepoints.
   */
  public B nativeTrimThreshold(long nativeTrimThreshold) {
    return set(Options.NATIVE_TRIM_THRESHOLD, nativeTrimThreshold);
  }

  /** The shortest time from one native trim to the next; default 5 s. */
  public B nativeTrimInterval(Duration nativeTrimInterval) {
    return set(Options.NATIVE_TRIM_INTERVAL, nativeTrimInterval);
  }

  /**
   * Bytes of blocks above which a connection's handler stops reading from it until half of it is
   * free; default none. At least the largest message that the pipeline gathers before it handles
   * it: what is not read on is not handled, and not released.
   */
  public B softBudget(long softBudget) {
    return set(Options.SOFT_BUDGET, softBudget);
  }

  /**
   * Bytes of blocks that one connection may hold, at least {@code softBudget}; default none. An
   * allocation that would need more meets the {@link #budgetPolicy(BudgetPolicy)}.
   */
  public B hardBudget(long hardBudget) {
    return set(Options.HARD_BUDGET, hardBudget);
  }

  /**
   * Bytes of blocks that all connections and all users of the shared allocator may hold together;
   * default none. Idle blocks in the pools do not count: {@code maxRetainedPerLoop} bounds them. An
   * allocation that would need more meets the {@link #budgetPolicy(BudgetPolicy)}; above 7/8 of it
   * the heaviest connections are logged.
   */
  public B globalBudget(long globalBudget) {
    return set(Options.GLOBAL_BUDGET, globalBudget);
  }

  /** What becomes of an allocation over a budget; default {@link BudgetPolicy#FAIL}. */
  public B budgetPolicy(BudgetPolicy budgetPolicy) {
    return set(Options.BUDGET_POLICY, budgetPolicy);
  }

  /**
   * Whether, above 7/8 of the {@link #globalBudget(long)}, the connection that holds most is closed
   * by its handler, and the next when that has closed and still more is asked for; default false.
   */
  public B closeHeaviest(boolean closeHeaviest) {
    return set(Options.CLOSE_HEAVIEST, closeHeaviest);
  }

  /** Whether the used part of a block is zeroed before anybody else can lease it; default false. */
  public B scrub(boolean scrub) {
    return set(Options.SCRUB, scrub);
  }

  /**
   * How long after a connection's close its buffers may live before they are reported as leaks;
   * default 5 s.
   */
  public B leakGrace(Duration leakGrace) {
    return set(Options.LEAK_GRACE, leakGrace);
  }

  /** How much is verified while running; default {@link Checks#OFF}. */
  public B checks(Checks checks) {
    return set(Options.CHECKS, checks);
  }

  /**
   * Of which buffers of connections it is recorded where they were allocated and last touched;
   * default {@link Recording#OFF}.
   */
  public B recording(Recording recording) {
    return set(Options.RECORDING, recording);
  }

  /** Who is told about each leak, beside the log; default nobody. */
  public B leakListener(LeakListener leakListener) {
    this.leakListener = leakListener;
    return self();
  }

  abstract B self();

  LeakListener leakListener() {
    return leakListener;
  }

  final <T> B set(Option<T> option, @Nullable T value) {
    values.put(option, value);
    return self();
  }

  /**
   * @throws IllegalArgumentException if an option is missing or out of its range; names it, its
   *     value and what was expected
   */
  final Options options() {
    return new Options(values);
  }
}
