package dev.tidepool.allocator;

import io.netty.buffer.ByteBufAllocator;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The options part of an allocator's builder. Each method sets one option and returns the builder;
 * {@code build()} checks the ranges. Not thread-safe.
 *
 * @param <B> the builder that each method returns
 */
abstract class OptionsBuilder<B extends OptionsBuilder<B>> {
  private final Map<Option<?>, @Nullable Object> values = new HashMap<>();
  private LeakListener leakListener = report -> {};

  /**
   * Sets the allocator that blocks come from; default {@code UnpooledByteBufAllocator.DEFAULT}, so
   * that Netty's own accounting and limits hold. Not an allocator of this package.
   *
   * @param upstream the allocator; not null
   * @return this builder
   */
  public B upstream(ByteBufAllocator upstream) {
    return set(Options.UPSTREAM, upstream);
  }

  /**
   * Sets whether {@code buffer()} allocates direct memory, where Netty can free that itself;
   * default true. Where it cannot, {@code buffer()} is on the heap, as in Netty's own allocators.
   *
   * @param preferDirect true: direct
   * @return this builder
   */
  public B preferDirect(boolean preferDirect) {
    return set(Options.PREFER_DIRECT, preferDirect);
  }

  /**
   * Sets the bytes of the smallest block, a power of two from 1 KiB and {@code alignment} to 1 GiB;
   * default 4 KiB. A connection with a living buffer holds at least this much.
   *
   * @param minBlockSize bytes
   * @return this builder
   */
  public B minBlockSize(int minBlockSize) {
    return set(Options.MIN_BLOCK_SIZE, minBlockSize);
  }

  /**
   * Sets the bytes of the largest pooled block, a power of two from {@link #minBlockSize} to 1 GiB;
   * default 4 MiB. A larger buffer gets memory of its own, which goes back upstream on release.
   *
   * @param maxBlockSize bytes
   * @return this builder
   */
  public B maxBlockSize(int maxBlockSize) {
    return set(Options.MAX_BLOCK_SIZE, maxBlockSize);
  }

  /**
   * Sets the alignment of every buffer's start in bytes, a power of two from 8 to 4096; default 16.
   * It is that of a direct buffer's address, and of a heap buffer's offset in its array.
   *
   * @param alignment bytes
   * @return this builder
   */
  public B alignment(int alignment) {
    return set(Options.ALIGNMENT, alignment);
  }

  /**
   * Sets the most bytes of idle blocks that one event loop keeps, at least 0; default 32 MiB.
   *
   * @param maxRetainedPerLoop bytes
   * @return this builder
   */
  public B maxRetainedPerLoop(long maxRetainedPerLoop) {
    return set(Options.MAX_RETAINED_PER_LOOP, maxRetainedPerLoop);
  }

  /**
   * Sets the time within which idle memory goes back upstream, and not before three quarters of it
   * have passed; at least 0, default 1 s. Zero: never.
   *
   * @param trimInterval the time; not null
   * @return this builder
   */
  public B trimInterval(Duration trimInterval) {
    return set(Options.TRIM_INTERVAL, trimInterval);
  }

  /**
   * Sets the bytes of direct memory that have to go back upstream before the C library is made to
   * give free memory back to the operating system: glibc keeps what is freed, and containers are
   * killed by resident memory. At least 0, default 16 MiB; zero: never.
   *
   * <p>One daemon thread does it for all allocators of the process, by the JDK's diagnostic command
   * {@code System.trim_native_heap} (JDK 17.0.9 and later, Linux with glibc; elsewhere nothing
   * happens). It takes 0.1 to 0.3 ms for each MiB. Meanwhile other threads may have to wait for the
   * C library, as for a new block, and for a garbage collection, as the command holds up
   * safepoints.
   *
   * @param nativeTrimThreshold bytes
   * @return this builder
   */
  public B nativeTrimThreshold(long nativeTrimThreshold) {
    return set(Options.NATIVE_TRIM_THRESHOLD, nativeTrimThreshold);
  }

  /**
   * Sets the shortest time from one native trim to the next; at least 0, default 5 s.
   *
   * @param nativeTrimInterval the time; not null
   * @return this builder
   */
  public B nativeTrimInterval(Duration nativeTrimInterval) {
    return set(Options.NATIVE_TRIM_INTERVAL, nativeTrimInterval);
  }

  /**
   * Sets the bytes of blocks above which a connection's handler stops reading, until half of them
   * are free; at least 1, default none. It must be at least the largest message that the pipeline
   * gathers before it handles it: a message that is not read to its end is never released.
   *
   * @param softBudget bytes
   * @return this builder
   */
  public B softBudget(long softBudget) {
    return set(Options.SOFT_BUDGET, softBudget);
  }

  /**
   * Sets the bytes of blocks that one connection may hold, at least 1 and at least {@code
   * softBudget}; default none. The {@link #budgetPolicy(BudgetPolicy)} decides on an allocation
   * that would need more.
   *
   * @param hardBudget bytes
   * @return this builder
   */
  public B hardBudget(long hardBudget) {
    return set(Options.HARD_BUDGET, hardBudget);
  }

  /**
   * Sets the bytes of blocks that all connections and the shared allocator may hold together; at
   * least 1, default none. Idle blocks in the pools do not count: {@code maxRetainedPerLoop} bounds
   * them. The {@link #budgetPolicy(BudgetPolicy)} decides on an allocation that would need more.
   * Above 7/8 of the budget the heaviest connections are logged.
   *
   * @param globalBudget bytes
   * @return this builder
   */
  public B globalBudget(long globalBudget) {
    return set(Options.GLOBAL_BUDGET, globalBudget);
  }

  /**
   * Sets the policy for an allocation over a budget; default {@link BudgetPolicy#FAIL}.
   *
   * @param budgetPolicy the policy; not null
   * @return this builder
   */
  public B budgetPolicy(BudgetPolicy budgetPolicy) {
    return set(Options.BUDGET_POLICY, budgetPolicy);
  }

  /**
   * Sets whether, above 7/8 of the {@link #globalBudget(long)}, the connection that holds most is
   * closed by its handler, and then, if more is still allocated, the next; default false.
   *
   * @param closeHeaviest true: it is closed
   * @return this builder
   */
  public B closeHeaviest(boolean closeHeaviest) {
    return set(Options.CLOSE_HEAVIEST, closeHeaviest);
  }

  /**
   * Sets whether a block's used part is zeroed before its next lease; default false.
   *
   * @param scrub true: it is zeroed
   * @return this builder
   */
  public B scrub(boolean scrub) {
    return set(Options.SCRUB, scrub);
  }

  /**
   * Sets how long after a connection's close its buffers may live before they are reported as
   * leaks; at least 0, default 5 s.
   *
   * @param leakGrace the time; not null
   * @return this builder
   */
  public B leakGrace(Duration leakGrace) {
    return set(Options.LEAK_GRACE, leakGrace);
  }

  /**
   * Sets how much is verified while running; default {@link Checks#OFF}.
   *
   * @param checks which; not null
   * @return this builder
   */
  public B checks(Checks checks) {
    return set(Options.CHECKS, checks);
  }

  /**
   * Sets for which buffers of connections it is recorded where they were allocated and last
   * touched; default {@link Recording#OFF}.
   *
   * @param recording which; not null
   * @return this builder
   */
  public B recording(Recording recording) {
    return set(Options.RECORDING, recording);
  }

  /**
   * Sets the listener that is told of each leak, beside the log; default none. Not null.
   *
   * @param leakListener the listener; not null
   * @return this builder
   */
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
   * Checks the options.
   *
   * @throws IllegalArgumentException if an option is missing or out of its range; the message says
   *     the option, its value and what was expected
   */
  final Options options() {
    return new Options(values);
  }
}
