package dev.tidepool.echo.live.page;

import dev.tidepool.echo.testing.TestServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Connections whose requests come in and go out like a tide: a gentle load, to be looked at. */
final class Tide implements AutoCloseable {
  private static final int CONNECTIONS = 24;
  private static final int MOST_BUFFERS = 8;
  private static final long STEP_NANOS = TimeUnit.MILLISECONDS.toNanos(2);
  private static final double SPEED = 0.012;

  private final List<Wave> waves = new ArrayList<>();
  private final CompletableFuture<Void> moving;
  private volatile boolean ended;

  Tide(InetSocketAddress server) throws IOException {
    for (int i = 0; i < CONNECTIONS; i++) {
      waves.add(new Wave(new CommandClient(server), i));
    }
    moving = CompletableFuture.runAsync(this::move, task -> new Thread(task, "tide").start());
  }

  private void move() {
    for (int step = 0; !ended; step++) {
      waves.get(step % CONNECTIONS).move(step * SPEED);
      LockSupport.parkNanos(STEP_NANOS);
    }
  }

  /** One connection: between its requests, or within one with some buffers. */
  private static final class Wave {
    private final CommandClient client;
    private final int number;
    private int buffers;

    Wave(CommandClient client, int number) {
      this.client = client;
      this.number = number;
    }

    /** One buffer more or less; a request begins with the first and ends with the last. */
    void move(double time) {
      double level = 0.35 + 0.65 * Math.sin(time / 2 + 0.1 * number);
      long wanted = Math.max(0, Math.round(MOST_BUFFERS * level));
      try {
        if (wanted > buffers) {
          client.send(
              buffers++ == 0 ? new String[] {"begin", allocate()} : new String[] {allocate()});
        } else if (wanted < buffers) {
          client.send(--buffers == 0 ? new String[] {"release", "end"} : new String[] {"release"});
        }
      } catch (IOException e) {
        throw new IllegalStateException("connection " + number, e);
      }
    }

    private String allocate() {
      return "allocate " + (1 << (7 + (number + 5 * buffers) % 8));
    }
  }

  @Override
  public void close() throws IOException {
    ended = true;
    moving.orTimeout(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
    for (Wave wave : waves) {
      wave.client.close();
    }
  }
}
