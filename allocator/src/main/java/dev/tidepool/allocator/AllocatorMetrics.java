package dev.tidepool.allocator;

import dev.tidepool.allocator.budget.GlobalBudget;
import dev.tidepool.allocator.memory.BlockPool;
import dev.tidepool.allocator.memory.HeldFigures;
import dev.tidepool.allocator.memory.MemoryKind;
import dev.tidepool.allocator.memory.Upstream;
import dev.tidepool.allocator.os.NativeTrimmer;
import dev.tidepool.allocator.os.ResidentSet;
import dev.tidepool.allocator.threads.PoolsByThread;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** The metrics of an allocator: its counters, and figures of upstream and the pools. */
final class AllocatorMetrics implements ArenaAllocatorMetric {
  /** The request of buffers that no request ends for. */
  private static final int OF_NO_CONNECTION = 0;

  private final Upstream upstream;
  private final PoolsByThread<LoopArenas> pools;
  private final Connections connections;
  private final @Nullable GlobalBudget global;
  private final AtomicLong leaks = new AtomicLong();
  private final AtomicLong refusals = new AtomicLong();
  private final AtomicLong overflow = new AtomicLong();

  AllocatorMetrics(
      Upstream upstream,
      PoolsByThread<LoopArenas> pools,
      Connections connections,
      @Nullable GlobalBudget global) {
    this.global = global;
    this.upstream = upstream;
    this.pools = pools;
    this.connections = connections;
  }

  void refused() {
    refusals.getAndIncrement();
  }

  void overflowed(int bytes) {
    overflow.getAndAdd(bytes);
  }

  void leaked() {
    leaks.getAndIncrement();
  }

  @Override
  public long usedHeapMemory() {
    return upstream.heldHeap();
  }

  @Override
  public long usedDirectMemory() {
    return upstream.heldDirect();
  }

  @Override
  public long peakMemory() {
    return upstream.peak();
  }

  @Override
  public long upstreamAllocations() {
    return upstream.allocations();
  }

  @Override
  public long pooledMemory() {
    return sum(BlockPool::pooledBytes);
  }

  @Override
  public long residentMemory() {
    return ResidentSet.bytes();
  }

  @Override
  public Optional<NativeTrim> lastNativeTrim() {
    return Optional.ofNullable(NativeTrimmer.OF_PROCESS.last()).map(NativeTrim::of);
  }

  @Override
  public long leasedMemory() {
    return sum(BlockPool::leasedBytes);
  }

  private long sum(ToLongFunction<BlockPool> figure) {
    long[] sum = new long[1];
    pools.forEachPool(pool -> sum[0] += figure.applyAsLong(pool));
    return sum[0];
  }

  @Override
  public long chargedMemory() {
    return global == null ? 0 : global.account().charged();
  }

  @Override
  public long overflowMemory() {
    return overflow.get();
  }

  @Override
  public long refusals() {
    return refusals.get();
  }

  @Override
  public int openArenas() {
    return connections.open().size();
  }

  @Override
  public long leaks() {
    return leaks.get();
  }

  @Override
  public long trimmedMemory() {
    return upstream.trimmed();
  }

  @Override
  public long requests() {
    return connections.sumOfRequests();
  }

  @Override
  public long resets() {
    return connections.sumOfResets();
  }

  @Override
  public long liveBuffers() {
    HeldFigures ofNoConnection = new HeldFigures(ConnectionWalker.LOOKS);
    pools.forEach(
        arenas -> {
          ofNoConnection.add(arenas.arena(MemoryKind.DIRECT), OF_NO_CONNECTION);
          ofNoConnection.add(arenas.arena(MemoryKind.HEAP), OF_NO_CONNECTION);
        });
    return walk().liveBuffers() + ofNoConnection.liveBuffers();
  }

  @Override
  public long stragglers() {
    return walk().stragglers();
  }

  private ConnectionWalk walk() {
    return new ConnectionWalker(ConnectionOrder.HEAVIEST, 0).walk(connections);
  }

  @Override
  public String toString() {
    return "direct: %d, heap: %d, peak: %d, pooled: %d, leased: %d, open arenas: %d, leaks: %d"
        .formatted(
            usedDirectMemory(),
            usedHeapMemory(),
            peakMemory(),
            pooledMemory(),
            leasedMemory(),
            openArenas(),
            leaks());
  }
}
