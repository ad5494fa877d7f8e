package dev.tidepool.allocator.concurrent;

import dev.tidepool.allocator.ConnectionArena;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** The slot of an event loop with its connections: when one ends, the next takes the slot. */
final class SoakLoop {
  private static final int CONNECTIONS = 3;
  private static final int ACTS_OF_A_TASK = 200;

  private final Soak soak;
  private final SoakActor actor;
  private volatile List<ConnectionArena> arenas = List.of();
  private EventExecutor loop;
  private int ended;

  SoakLoop(Soak soak, SplittableRandom random) {
    this.soak = soak;
    this.actor = new SoakActor(soak, random);
  }

  /** Opens a new event loop with connections. The soak's main thread calls this and the next. */
  void open() {
    EventExecutor opened = new DefaultEventExecutor();
    List<ConnectionArena> connections = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      connections.add(soak.allocator.newConnectionArena(opened));
    }
    loop = opened;
    arenas = List.copyOf(connections);
  }

  /** Starts to act. All loops are open when the first one starts. */
  void start() {
    EventExecutor starting = loop;
    starting.execute(() -> act(starting));
  }

  private void act(EventExecutor running) {
    soak.guarded(
        () -> {
          for (int i = 0; i < ACTS_OF_A_TASK; i++) {
            actor.act();
          }
          actOnLoop(running);
        });
    if (!running.isShuttingDown()) { // else it would never end
      again(running);
    }
  }

  private void again(EventExecutor running) {
    try {
      running.execute(() -> act(running));
    } catch (RejectedExecutionException e) {
      soak.guarded(() -> actor.require(running.isShuttingDown(), "rejected only at the end"));
    }
  }

  /** Does what only the event loop may do. */
  private void actOnLoop(EventExecutor running) {
    SplittableRandom random = actor.random();
    int which = random.nextInt(arenas.size());
    ConnectionArena arena = arenas.get(which);
    switch (random.nextInt(8)) {
      case 0, 1 -> arena.reset();
      case 2 -> replace(which, soak.allocator.newConnectionArena(running)).close();
      case 3 -> inChild(arena);
      case 4 -> onReset(arena);
      case 5 -> actor.require(arena.dump().contains("ConnectionArena"), "dump");
      case 6 -> soak.allocator.trim();
      default -> soak.checkInvariants();
    }
  }

  private ConnectionArena replace(int which, ConnectionArena with) {
    List<ConnectionArena> now = new ArrayList<>(arenas);
    ConnectionArena before = now.set(which, with);
    arenas = List.copyOf(now);
    return before;
  }

  /** A closed arena has no children; another thread may have closed this one meanwhile. */
  private void inChild(ConnectionArena arena) {
    try (ConnectionArena child = arena.newChild()) {
      for (int i = 0; i < 8; i++) {
        actor.allocateFrom(child);
      }
      child.reset();
      actor.allocateFrom(child);
    } catch (IllegalStateException e) {
      actor.require(e.getMessage().contains("closed: true"), e.getMessage());
    }
  }

  private void onReset(ConnectionArena arena) {
    try {
      arena.onReset(() -> actor.allocateFrom(arena));
    } catch (IllegalStateException e) {
      actor.require(e.getMessage().contains("closed: true"), e.getMessage());
    }
  }

  ConnectionArena any(SplittableRandom random) {
    List<ConnectionArena> now = arenas;
    return now.get(random.nextInt(now.size()));
  }

  int ended() {
    return ended;
  }

  void maybeReplace(SplittableRandom random) {
    if (random.nextInt(10) == 0) {
      end();
      open();
      start();
    }
  }

  /** Ends the loop. Its connections are closed before the end, after it, or meanwhile. */
  void end() {
    SplittableRandom random = actor.random().split();
    closeSome(random);
    var ending = loop.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    closeSome(random);
    ending.syncUninterruptibly();
    arenas.forEach(ConnectionArena::close);
    ended++;
  }

  private void closeSome(SplittableRandom random) {
    arenas.stream().filter(arena -> random.nextBoolean()).forEach(ConnectionArena::close);
  }
}
