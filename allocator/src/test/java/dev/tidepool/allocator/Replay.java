package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.allocator.memory.HeldRanges;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The replay of a recording: from the events alone, which blocks the arena holds, and which buffers
 * lie where in them. Fails on an event that cannot follow those before it.
 */
public final class Replay {
  private final ConnectionArena arena;
  private final EventRecording recording;
  private final Map<Integer, Block> held = new HashMap<>();
  private final Set<Integer> idle = new HashSet<>();
  private final Set<Integer> gone = new HashSet<>();
  private final Map<Integer, Integer> blockOf = new HashMap<>();
  private final Map<ArenaEvent.Kind, Integer> counts = new HashMap<>();
  private int lastBuffer;
  private long lastSequence;
  private long lastNanos;

  /** A block, and the lengths of the buffers in it by their start. */
  private record Block(
      boolean direct, int bytes, TreeMap<Integer, Integer> lengths, Map<Integer, Integer> starts) {}

  public Replay(ConnectionArena arena, EventRecording recording) {
    this.arena = arena;
    this.recording = recording;
  }

  /** The recording that is replayed. */
  public EventRecording recording() {
    return recording;
  }

  /** How many events of {@code kind} there were. */
  public int count(ArenaEvent.Kind kind) {
    return counts.getOrDefault(kind, 0);
  }

  /** The numbers of the buffers that live. */
  public Set<Integer> living() {
    return blockOf.keySet();
  }

  /** The number of blocks held. */
  public int blocks() {
    return held.size();
  }

  /** Replays what happened since the last call. */
  public Replay catchUp() {
    for (ArenaEvent event : recording.eventsSince(lastSequence)) {
      assertThat(event.sequence()).as("no gap before %s", event).isEqualTo(lastSequence + 1);
      assertThat(event.nanos()).as("time of %s", event).isGreaterThanOrEqualTo(lastNanos);
      lastSequence = event.sequence();
      lastNanos = event.nanos();
      counts.merge(event.kind(), 1, Integer::sum);
      play(event);
    }
    return this;
  }

  private void play(ArenaEvent event) {
    switch (event.kind()) {
      case LEASE -> lease(event);
      case ALLOCATE -> allocate(event);
      case GROW -> grow(event);
      case RELEASE -> release(event);
      case SWEEP -> sweep(event);
      case RESET -> assertThat(event.block() + event.buffer()).as("%s", event).isZero();
      case STRAGGLE -> block(event, event.buffer());
      case GIVE_BACK -> giveBack(event);
      case TRIM -> trim(event);
    }
  }

  private void lease(ArenaEvent event) {
    assertThat(gone).as("%s", event).doesNotContain(event.block());
    idle.remove(event.block());
    Block block = new Block(event.direct(), event.blockBytes(), new TreeMap<>(), new HashMap<>());
    assertThat(held.put(event.block(), block)).as("%s: not held", event).isNull();
  }

  private void allocate(ArenaEvent event) {
    assertThat(event.buffer()).as("%s", event).isEqualTo(++lastBuffer);
    place(event);
  }

  private void place(ArenaEvent event) {
    Block block = block(event);
    assertThat(event.offset() + event.length()).as("%s", event).isLessThanOrEqualTo(block.bytes);
    requireFree(block, event);
    block.lengths.put(event.offset(), event.length());
    block.starts.put(event.buffer(), event.offset());
    blockOf.put(event.buffer(), event.block());
  }

  private static void requireFree(Block block, ArenaEvent event) {
    Map.Entry<Integer, Integer> before = block.lengths.floorEntry(event.offset());
    int end = before == null ? 0 : before.getKey() + Math.max(1, before.getValue());
    assertThat(event.offset()).as("%s: free", event).isGreaterThanOrEqualTo(end);
    Integer next = block.lengths.higherKey(event.offset());
    if (next != null) {
      assertThat(event.offset() + event.length()).as("%s: free", event).isLessThanOrEqualTo(next);
    }
  }

  private void grow(ArenaEvent event) {
    take(event);
    place(event);
  }

  private void release(ArenaEvent event) {
    take(event);
  }

  private void take(ArenaEvent event) {
    Integer in = blockOf.remove(event.buffer());
    assertThat(in).as("%s: alive", event).isNotNull();
    Block block = held.get(in);
    block.lengths.remove(block.starts.remove(event.buffer()));
  }

  private void sweep(ArenaEvent event) {
    Block block = block(event);
    if (event.length() > 0) {
      requireFree(block, event);
    }
  }

  private void giveBack(ArenaEvent event) {
    assertThat(block(event).lengths).as("%s: empty", event).isEmpty();
    held.remove(event.block());
    idle.add(event.block());
  }

  private void trim(ArenaEvent event) {
    assertThat(idle.remove(event.block())).as("%s: idle", event).isTrue();
    gone.add(event.block());
  }

  private Block block(ArenaEvent event, int buffer) {
    assertThat(blockOf).as("%s: alive there", event).containsEntry(buffer, event.block());
    return block(event);
  }

  private Block block(ArenaEvent event) {
    Block block = held.get(event.block());
    assertThat(block).as("%s: held", event).isNotNull();
    assertThat(block.bytes).as("%s", event).isEqualTo(event.blockBytes());
    assertThat(block.direct).as("%s", event).isEqualTo(event.direct());
    return block;
  }

  /**
   * Replays to the end, and compares with what the arena holds. On its event loop, while no other
   * thread uses it.
   */
  public Replay verify() {
    catchUp();
    List<HeldRanges.Held> expected = new ArrayList<>();
    arena.forEachArena(each -> HeldRanges.forEach(each, expected::add));
    assertThat(isSame(expected, new ArrayList<>(held.values())))
        .as("held: %s, replayed: %s", expected, held)
        .isTrue();
    return this;
  }

  /** Whether each block has its own among the others; tries all, as several may look the same. */
  private static boolean isSame(List<HeldRanges.Held> wanted, List<Block> blocks) {
    if (wanted.isEmpty() || wanted.size() != blocks.size()) {
      return wanted.size() == blocks.size();
    }
    List<HeldRanges.Held> others = wanted.subList(1, wanted.size());
    return blocks.stream()
        .filter(block -> matches(block, wanted.get(0)))
        .anyMatch(block -> isSame(others, without(blocks, block)));
  }

  private static List<Block> without(List<Block> blocks, Block one) {
    List<Block> others = new ArrayList<>(blocks);
    others.remove(one); // one of those equal to it, whichever
    return others;
  }

  private static boolean matches(Block block, HeldRanges.Held wanted) {
    return block.direct == wanted.direct()
        && block.bytes == wanted.bytes()
        && block.lengths.size() == wanted.ranges().size()
        && wanted.ranges().stream()
            .allMatch(
                range -> {
                  Integer length = block.lengths.get(range.start());
                  return length != null
                      && (range.length() == HeldRanges.ANY || range.length() == length);
                });
  }
}
