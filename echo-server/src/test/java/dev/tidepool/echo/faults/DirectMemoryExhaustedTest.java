package dev.tidepool.echo.faults;

import static dev.tidepool.echo.testing.TestClient.bytes;
import static dev.tidepool.echo.testing.TestClient.frame;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.testing.ServeProcess;
import dev.tidepool.echo.testing.TestClient;
import dev.tidepool.echo.testing.TestServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Half-sent frames fill a server's direct memory in the middle of a load: connections fail, with a
 * line that says why, but no echo is wrong, and the server recovers when they go.
 */
class DirectMemoryExhaustedTest {
  private static final int HOLDERS = 14;
  private static final byte[] LARGE = frame(bytes(3 << 20, 1));
  private static final byte[] MOST_OF_IT = Arrays.copyOf(LARGE, 2 << 20);
  private static final byte[] REST_OF_IT = Arrays.copyOfRange(LARGE, 2 << 20, LARGE.length);

  /** A client like others, who connects again when its connection fails. */
  private static final class Visitor extends Thread {
    final AtomicBoolean over = new AtomicBoolean();
    final AtomicInteger served = new AtomicInteger();
    final AtomicInteger failed = new AtomicInteger();
    volatile Throwable wrong;
    private final InetSocketAddress address;

    Visitor(InetSocketAddress address) {
      super("visitor");
      this.address = address;
    }

    @Override
    public void run() {
      byte[] request = frame(bytes(5000, 2));
      while (!over.get() && wrong == null) {
        try (TestClient client = new TestClient(address)) {
          while (!over.get()) {
            client.send(request);
            byte[] echo = client.receive(request.length);
            if (echo.length < request.length) {
              throw new IOException("closed after " + echo.length + " bytes");
            }
            assertThat(echo).isEqualTo(request);
            served.incrementAndGet();
          }
        } catch (IOException e) {
          failed.incrementAndGet();
        } catch (Throwable e) {
          wrong = e;
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll", "io_uring"})
  void failsSomeConnectionsAndRecovers(String transport) throws Exception {
    List<String> littleMemory = List.of("-XX:MaxDirectMemorySize=24m");
    try (ServeProcess serve =
        ServeProcess.start(littleMemory, "--event-loops", "1", "--transport", transport)) {
      Visitor visitor = new Visitor(serve.address());
      visitor.start();
      TestServer.await("the load", () -> visitor.served.get() > 100);
      int refused = exhaust(serve.address());
      assertThat(refused).as("connections that found no memory").isPositive();

      assertRecovered(serve.address());
      int before = visitor.served.get();
      TestServer.await("the load again", () -> visitor.served.get() > before + 50);
      visitor.over.set(true);
      visitor.join();
      assertThat(visitor.wrong).isNull();
      assertThat(serve.signal("TERM")).as(serve.output() + serve.errors()).isZero();
      assertThat(serve.errors()).containsIgnoringCase("memory");
      assertThat(serve.output()).contains("every byte went back");
      System.out.printf(
          "direct memory exhausted, %s: %d of %d large frames refused, visitor served %d times, failed %d times; %s%n",
          transport, refused, HOLDERS, visitor.served.get(), visitor.failed.get(), serve.output());
    }
  }

  /** How many of the connections failed. */
  private static int exhaust(InetSocketAddress address) throws IOException {
    List<TestClient> holders = new ArrayList<>();
    for (int i = 0; i < HOLDERS; i++) {
      TestClient holder = new TestClient(address);
      holders.add(holder);
      boolean unused = sends(holder, MOST_OF_IT);
    }
    int refused = 0;
    for (TestClient holder : holders) {
      boolean echoed = sends(holder, REST_OF_IT) && echoes(holder);
      refused += echoed ? 0 : 1;
      holder.close();
    }
    return refused;
  }

  private static boolean sends(TestClient client, byte[] bytes) {
    try {
      client.send(bytes);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** What comes back is right as far as it comes. */
  private static boolean echoes(TestClient client) {
    try {
      byte[] echo = client.receive(LARGE.length);
      assertThat(echo).isEqualTo(Arrays.copyOf(LARGE, echo.length));
      return echo.length == LARGE.length;
    } catch (IOException e) {
      return false;
    }
  }

  /** As soon as the server has seen the others go. */
  private static void assertRecovered(InetSocketAddress address) {
    TestServer.await(
        "a large frame to be echoed again",
        () -> {
          try (TestClient client = new TestClient(address)) {
            return sends(client, LARGE) && echoes(client);
          } catch (IOException e) {
            return false;
          }
        });
  }
}
