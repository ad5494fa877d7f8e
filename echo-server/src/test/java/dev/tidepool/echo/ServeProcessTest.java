package dev.tidepool.echo;

import static dev.tidepool.echo.testing.TestClient.bytes;
import static dev.tidepool.echo.testing.TestClient.frame;
import static dev.tidepool.echo.testing.TestClient.length;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.server.AllocatorChoice;
import dev.tidepool.echo.testing.ServeProcess;
import dev.tidepool.echo.testing.TestClient;
import java.io.PrintWriter;
import java.io.Writer;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The serve command as its users meet it: a process of its own, ended by SIGTERM. */
class ServeProcessTest {
  private static final int RESETS = 500;
  private static final Pattern LEFT_OUT = Pattern.compile("(\\d+) faults? more like it");
  private static final byte[] GOOD_FRAME = frame(bytes(1000, 1));

  @ParameterizedTest
  @MethodSource("dev.tidepool.echo.server.AllocatorChoice#named")
  void printsItsSummaryOnSigterm(AllocatorChoice allocator) throws Exception {
    try (ServeProcess serve =
        ServeProcess.start(List.of(), "--allocator", allocator.toString(), "--event-loops", "1")) {
      int loadExit =
          TidepoolEcho.commandLine(quiet(), quiet(), new ShutdownSignal())
              .execute("load", "--port", serve.port(), "-n", "300", "-c", "3");
      assertThat(loadExit).isZero();

      assertThat(serve.signal("TERM")).isZero();
      assertThat(serve.output())
          .contains("framed protocol, " + allocator + " allocator, ")
          .containsPattern("served: 3 connections, 300 requests, .* MiB, 0 errors");
      if (allocator.isTidepool()) {
        assertThat(serve.output())
            .containsPattern("memory: [1-9].* upstream at the peak, 0 bytes now, 0 leaks: every");
      } else {
        assertThat(serve.output()).contains("still held by the allocator");
      }
    }
  }

  @Test
  void endsWhileAClientIsConnected() throws Exception {
    try (ServeProcess serve = ServeProcess.start(List.of(), "--event-loops", "1");
        TestClient client = new TestClient(serve.address())) {
      client.assertEchoes(GOOD_FRAME);
      assertThat(serve.signal("TERM")).isZero();
      client.assertEnd();
      assertThat(serve.output())
          .contains("served: 1 connection, 1 request, 1004 bytes, 0 errors")
          .contains("0 bytes now, 0 leaks: every byte went back");
    }
  }

  @Test
  void logsBadInputOnStandardError() throws Exception {
    try (ServeProcess serve = ServeProcess.start(List.of(), "--event-loops", "1");
        TestClient client = new TestClient(serve.address())) {
      client.send(length(-1));
      client.assertClosed();
      assertThat(serve.signal("TERM")).isZero();
      assertThat(serve.errors())
          .containsPattern("WARN .*connection 127.0.0.1:\\d+: frame length -1, expected 0 to ");
      assertThat(serve.output()).contains("1 error");
    }
  }

  @Test
  void manyResetsAreFewLinesAndAllAreCounted() throws Exception {
    try (ServeProcess serve = ServeProcess.start(List.of(), "--event-loops", "1")) {
      for (int i = 0; i < RESETS; i++) {
        try (TestClient client = new TestClient(serve.address())) {
          client.assertEchoes(GOOD_FRAME); // it is accepted
          client.reset();
        }
      }
      assertThat(serve.signal("TERM")).isZero();
      assertThat(serve.output()).contains(RESETS + " connections").contains(RESETS + " errors");
      List<String> warnings = serve.errors().lines().toList();
      assertThat(warnings).hasSizeLessThan(RESETS / 2);
      assertThat(warnings.stream().mapToLong(ServeProcessTest::faultsIn).sum()).isEqualTo(RESETS);
    }
  }

  private static long faultsIn(String warning) {
    Matcher leftOut = LEFT_OUT.matcher(warning);
    boolean others = leftOut.find();
    boolean alone = !warning.contains("the latest: ");
    return (alone ? 1 : 0) + (others ? Long.parseLong(leftOut.group(1)) : 0);
  }

  @Test
  void autoFallsBackWhereThereAreNoNativeTransports() throws Exception {
    try (ServeProcess serve =
        ServeProcess.start(List.of("-Dio.netty.transport.noNative=true"), "--event-loops", "1")) {
      assertThat(serve.signal("TERM")).isZero();
      assertThat(serve.output()).contains("nio transport");
      assertThat(serve.errors()).contains("transport epoll is not available here, falling back");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"io_uring", "epoll"})
  void anUnavailableTransportIsAnError(String transport) throws Exception {
    try (ServeProcess serve =
        ServeProcess.launch(
            List.of("-Dio.netty.transport.noNative=true"), "--transport", transport)) {
      assertThat(serve.exitCode()).isEqualTo(1);
      assertThat(serve.errors()).contains("transport " + transport + " is not available here");
      assertThat(serve.output()).isEmpty();
    }
  }

  @Test
  void aPortThatIsTakenIsAnError() throws Exception {
    try (ServeProcess first = ServeProcess.start(List.of(), "--event-loops", "1");
        ServeProcess second = ServeProcess.launch(List.of(), "--port", first.port())) {
      assertThat(second.exitCode()).isEqualTo(1);
      assertThat(second.errors())
          .contains("cannot listen on 127.0.0.1:" + first.port())
          .contains("Address already in use");
      assertThat(first.signal("TERM")).isZero();
    }
  }

  private static PrintWriter quiet() {
    return new PrintWriter(Writer.nullWriter());
  }
}
