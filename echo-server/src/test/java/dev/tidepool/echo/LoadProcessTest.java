package dev.tidepool.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tidepool.echo.protocol.FramedProtocol;
import dev.tidepool.echo.testing.EchoProcess;
import dev.tidepool.echo.testing.ServeProcess;
import dev.tidepool.echo.testing.TestServer;
import dev.tidepool.echo.transport.TransportChoice;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Load and demo as their users meet them: processes that have limits and that get signals. */
class LoadProcessTest {
  /** More than a virtual machine and its class path need. */
  private static final int FILES = 200;

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void aSignalEndsALoadWithItsFiguresSoFar(String signal, int exitCode) throws Exception {
    try (TestServer server = TestServer.arena(new FramedProtocol(), TransportChoice.AUTO);
        EchoProcess load = load(server.address().getPort(), "-d", "500h", "--quiet")) {
      load.awaitLine("load on ");
      TestServer.await("some requests", () -> server.memory().used() > 0);
      assertThat(load.signal(signal)).as(load.errors()).isEqualTo(exitCode);
      assertThat(load.output())
          .containsPattern("requests +[0-9,]+ sent, [0-9,]+ answered in ")
          .containsPattern("bytes mismatched +0")
          .containsPattern("interrupted +by a signal")
          .containsPattern("errors +0\\b");
      assertThat(load.errors()).isEmpty();
      server.stop();
      server.assertNoMoreFaults();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"load on ", "An echo server on "})
  void aSignalRightAfterTheFirstLineStillYieldsFigures(String firstLine) throws Exception {
    boolean isLoad = firstLine.startsWith("load");
    try (TestServer server = TestServer.arena(new FramedProtocol(), TransportChoice.AUTO);
        EchoProcess process =
            isLoad
                ? load(server.address().getPort(), "-d", "500h")
                : EchoProcess.launch(List.of(), List.of("demo", "-d", "500h"))) {
      process.awaitLine(firstLine);
      assertThat(process.signal("INT")).as(process.errors()).isEqualTo(130);
      assertThat(process.output()).containsPattern("interrupted +by a signal");
    }
  }

  @Test
  void aSignalEndsALoadWhoseRequestsAreNotAnswered() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        EchoProcess load = load(listener.getLocalPort(), "-c", "1", "--request-timeout", "500h");
        Socket accepted = listener.accept()) {
      assertThat(accepted.getInputStream().read()).isNotNegative();
      assertThat(load.signal("INT")).as(load.errors()).isEqualTo(130);
      assertThat(load.output())
          .containsPattern("requests +[0-9]+ sent, 0 answered in ")
          .containsPattern("interrupted +by a signal");
    }
  }

  /** The connections beyond the listener's backlog are never opened. */
  @Test
  void aSignalEndsALoadThatConnects() throws Exception {
    try (ServerSocket listener = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        EchoProcess load = load(listener.getLocalPort(), "-c", "20", "--connect-timeout", "500h");
        Socket accepted = listener.accept()) {
      assertThat(accepted.isConnected()).isTrue();
      assertThat(load.signal("INT")).as(load.errors()).isEqualTo(130);
      assertThat(load.output()).containsPattern("interrupted +by a signal");
    }
  }

  @ParameterizedTest
  @CsvSource({"INT, 130", "TERM, 143"})
  void aSignalEndsADemoWithItsSummarySoFar(String signal, int exitCode) throws Exception {
    try (EchoProcess demo = EchoProcess.launch(List.of(), List.of("demo", "-d", "500h"))) {
      demo.awaitLine(Pattern.compile(" [1-9][0-9,]* req/s"));
      assertThat(demo.signal(signal)).as(demo.errors()).isEqualTo(exitCode);
      assertThat(demo.output())
          .containsPattern("interrupted +by a signal")
          .containsPattern("requests +[1-9][0-9,]* in ")
          .contains("after shutdown    0 bytes: every byte went back");
      assertThat(demo.errors()).isEmpty();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "1000, cannot start the event loops, Too many open files",
    "1, 1000 connections need, expected 200 at most; 'ulimit -n'"
  })
  void aLowFileLimitIsReported(int threads, String problem, String more) throws Exception {
    try (TestServer server = TestServer.arena(new FramedProtocol(), TransportChoice.AUTO);
        EchoProcess load =
            EchoProcess.launchWithFiles(
                FILES,
                List.of(
                    "load",
                    "-c",
                    "1000",
                    "--threads",
                    String.valueOf(threads),
                    "--port",
                    String.valueOf(server.address().getPort())))) {
      assertThat(load.exitCode()).isEqualTo(1);
      assertThat(load.errors()).contains(problem).contains(more);
      assertThat(load.errors().lines()).hasSize(1);
    }
  }

  @Test
  void aServerReportsALowFileLimit() throws Exception {
    try (ServeProcess serve = ServeProcess.startWithFiles(FILES, "--event-loops", "1");
        EchoProcess load =
            load(Integer.parseInt(serve.port()), "-c", "400", "-d", "3s", "--timeout", "2s")) {
      assertThat(load.exitCode()).isEqualTo(1);
      assertThat(serve.signal("TERM")).isZero();
      assertThat(serve.errors())
          .contains("cannot accept connections: ")
          .contains("Too many open files")
          .doesNotContain("exceptionCaught");
    }
  }

  @Test
  void addressesOfIpv6AreInBrackets() throws Exception {
    try (ServeProcess serve = ServeProcess.start(List.of(), "--host", "::1");
        EchoProcess load =
            EchoProcess.launch(
                List.of(), List.of("load", "--host", "::1", "--port", serve.port(), "-n", "10"))) {
      assertThat(load.exitCode()).isZero();
      assertThat(load.output()).contains("load on [::1]:" + serve.port() + ",");
      assertThat(serve.signal("INT")).isZero();
      assertThat(serve.output()).contains("listening on [::1]:" + serve.port() + ": ");
    }
  }

  private static EchoProcess load(int port, String... options) throws Exception {
    List<String> arguments = new ArrayList<>(List.of("load", "--port", "" + port));
    arguments.addAll(List.of(options));
    return EchoProcess.launch(List.of(), arguments);
  }
}
