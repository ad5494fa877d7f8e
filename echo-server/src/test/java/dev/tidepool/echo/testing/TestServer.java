package dev.tidepool.echo.testing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.protocol.Protocol;
import dev.tidepool.echo.server.AllocatorChoice;
import dev.tidepool.echo.server.ConnectionProbe;
import dev.tidepool.echo.server.EchoServer;
import dev.tidepool.echo.server.ServedSummary;
import dev.tidepool.echo.server.ServerConfig;
import dev.tidepool.echo.server.ServerMemory;
import dev.tidepool.echo.tls.ServerTls;
import dev.tidepool.echo.transport.TransportChoice;
import io.netty.buffer.ByteBufAllocator;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A server on any free loopback port, with its fault lines and, once it is stopped, its summary.
 */
public final class TestServer implements AutoCloseable {
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  private final BlockingQueue<String> faults = new LinkedBlockingQueue<>();
  private final ServerMemory memory;
  private final EchoServer server;
  private final InetSocketAddress address;
  private boolean stopped;

  public TestServer(
      Protocol protocol, AllocatorChoice allocator, TransportChoice transport, int eventLoops)
      throws IOException {
    this(
        protocol,
        allocator.newMemory(builder -> {}),
        transport,
        eventLoops,
        null,
        ConnectionProbe.NONE);
  }

  public TestServer(
      Protocol protocol, ByteBufAllocator allocator, TransportChoice transport, int eventLoops)
      throws IOException {
    this(protocol, allocator, transport, eventLoops, null);
  }

  /**
   * @param tls null: none
   */
  public TestServer(
      Protocol protocol,
      ByteBufAllocator allocator,
      TransportChoice transport,
      int eventLoops,
      @Nullable ServerTls tls)
      throws IOException {
    this(protocol, allocator, transport, eventLoops, tls, ConnectionProbe.NONE);
  }

  /**
   * @param tls null: none
   */
  public TestServer(
      Protocol protocol,
      ByteBufAllocator allocator,
      TransportChoice transport,
      int eventLoops,
      @Nullable ServerTls tls,
      ConnectionProbe probe)
      throws IOException {
    this(protocol, new ServerMemory(allocator), transport, eventLoops, tls, probe);
  }

  /**
   * @param tls null: none
   */
  public TestServer(
      Protocol protocol,
      ServerMemory memory,
      TransportChoice transport,
      int eventLoops,
      @Nullable ServerTls tls,
      ConnectionProbe probe)
      throws IOException {
    this.memory = memory;
    InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    ServerConfig config = new ServerConfig(anyPort, protocol, transport.resolve(), eventLoops, tls);
    server = new EchoServer(config, memory, (line, cause) -> faults.add(line), probe);
    address = server.start();
  }

  /** With the arena allocator. */
  public static TestServer arena(Protocol protocol, TransportChoice transport) throws IOException {
    return new TestServer(protocol, AllocatorChoice.CONNECTION, transport, 1);
  }

  /** With the arena allocator and TLS. */
  public static TestServer arena(Protocol protocol, TransportChoice transport, ServerTls tls)
      throws IOException {
    return new TestServer(protocol, AllocatorChoice.CONNECTION.create(), transport, 1, tls);
  }

  /** Waits for {@code condition}, and fails if it never comes. */
  public static void await(String what, BooleanSupplier condition) {
    long start = System.nanoTime();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime() - start).as(what).isLessThan(PATIENCE.toNanos());
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
    }
  }

  public InetSocketAddress address() {
    return address;
  }

  public EchoServer server() {
    return server;
  }

  public ServerMemory memory() {
    return memory;
  }

  /** Waits for the next fault line. */
  public String nextFault() throws InterruptedException {
    String line = faults.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertThat(line).as("a fault line").isNotNull();
    return line;
  }

  public void assertNoMoreFaults() {
    assertThat(faults).isEmpty();
  }

  public ServedSummary stop(Duration drain) {
    stopped = true;
    return server.stop(drain);
  }

  /** Stops in good order; the test checks the summary. */
  public ServedSummary stop() {
    return stop(PATIENCE);
  }

  @Override
  public void close() {
    if (!stopped) {
      stop(Duration.ZERO);
    }
  }
}
