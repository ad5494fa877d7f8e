package dev.tidepool.allocator.concurrent;

import dev.tidepool.allocator.ConnectionArena;
import io.netty.util.concurrent.DefaultEventExecutor;
import io.netty.util.concurrent.EventExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;

/** The place of an event loop, with its connections; when one ends, the next one takes it. */
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

  /** A new event loop and its connections; like the next, by the thread that conducts the soak. */
  void open() {
    EventExecutor opened = new DefaultEventExecutor();
    List<ConnectionArena> connections = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      connections.add(soak.allocator.newConnectionArena(opened));
    }
    loop = opened;
    arenas = List.copyOf(connections);
  }

  /** All loops are open when the first of them starts to act. */
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
    if (!running.isShuttingDown()) { // else it would never come to its end
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

  /** What is for the event loop alone. */
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

  /** A closed one has no children: somebody may have closed it meanwhile. */
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

  /** Its connections are closed before or after its end, or just then. */
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
