package dev.tidepool.echo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.tidepool.echo.testing.ServeProcess;
import dev.tidepool.echo.testing.TestClient;
import dev.tidepool.echo.testing.TestServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The HTTP server with the tools of its users: curl and wrk, where they are installed. */
class HttpToolsTest {
  private static final int LARGE = 64 << 20;

  @TempDir private Path directory;

  /** What a command printed, once it has ended. */
  private record Output(int exit, String text) {}

  private Output run(String... command) throws IOException, InterruptedException {
    Path output = directory.resolve("output");
    Process process =
        new ProcessBuilder(command)
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    if (!process.waitFor(TestServer.PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new AssertionError(List.of(command) + " has not ended: " + Files.readString(output));
    }
    return new Output(process.exitValue(), Files.readString(output));
  }

  private void assumeInstalled(String tool) throws InterruptedException {
    boolean installed;
    try {
      run(tool, "--version");
      installed = true;
    } catch (IOException e) {
      installed = false;
    }
    assumeThat(installed).as("%s is installed, which this test runs", tool).isTrue();
  }

  private String curl(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("curl", "-sS", "--max-time", "15"));
    command.addAll(Arrays.asList(arguments));
    Output output = run(command.toArray(String[]::new));
    assertThat(output.exit()).as("%s: %s", command, output.text()).isZero();
    return output.text();
  }

  private static ServeProcess serve() throws IOException {
    return ServeProcess.start(List.of(), "--protocol", "http", "--event-loops", "1");
  }

  private static String address(ServeProcess serve) {
    return "http://127.0.0.1:" + serve.port();
  }

  @Test
  void curlGetsWhatItPosts() throws Exception {
    assumeInstalled("curl");
    try (ServeProcess serve = serve()) {
      String echo = address(serve) + "/echo";
      assertThat(curl("-d", "hello", echo)).isEqualTo("hello");
      assertThat(curl("-d", "hello", "-H", "Transfer-Encoding: chunked", echo)).isEqualTo("hello");
      assertThat(curl("-0", "-d", "hello", echo)).isEqualTo("hello");
      assertThat(curl(address(serve))).startsWith("Tidepool echo server");
      assertThat(curl("-I", address(serve)))
          .startsWith("HTTP/1.1 200 OK\r\n")
          .contains("content-length: ")
          .endsWith("\r\n\r\n");
      assertThat(curl("-v", "-d", "wait", "-H", "Expect: 100-continue", echo))
          .contains("< HTTP/1.1 100 Continue")
          .contains("wait");
      assertThat(curl("-o", "/dev/null", "-w", "%{http_code}", echo)).isEqualTo("405");
      assertThat(curl("-d", "1", echo, "--next", "-d", "2", echo)).isEqualTo("12");
      assertThat(serve.signal("TERM")).isZero();
      assertThat(serve.output())
          .containsPattern("served: \\d+ connections, 9 requests, .*, 0 errors")
          .contains("0 bytes now, 0 leaks: every byte went back");
    }
  }

  @Test
  void curlGetsALargeFileBack() throws Exception {
    assumeInstalled("curl");
    Path sent = directory.resolve("sent");
    Files.write(sent, TestClient.bytes(LARGE, 6));
    try (ServeProcess serve = serve()) {
      for (String framing : new String[] {"A: b", "Transfer-Encoding: chunked"}) {
        Path received = directory.resolve("received");
        curl("-H", framing, "--data-binary", "@sent", "-o", "received", address(serve));
        assertThat(Files.mismatch(sent, received)).as("the first byte that differs").isEqualTo(-1);
      }
      assertThat(serve.signal("TERM")).isZero();
      assertThat(serve.output())
          .contains("2 requests, 128.0 MiB, 0 errors")
          .containsPattern("memory: [0-9.]+ KiB upstream at the peak, 0 bytes now, 0 leaks");
    }
  }

  @Test
  void wrkFindsNoErrors() throws Exception {
    assumeInstalled("wrk");
    try (ServeProcess serve = serve()) {
      Output output = run("wrk", "-t1", "-c16", "-d2s", address(serve) + "/");
      assertThat(output.exit()).as(output.text()).isZero();
      assertThat(output.text())
          .containsPattern("[1-9][0-9]* requests in ")
          .doesNotContain("Socket errors")
          .doesNotContain("Non-2xx");
      assertThat(serve.signal("TERM")).isZero();
      assertThat(serve.output()).contains("0 bytes now, 0 leaks: every byte went back");
    }
  }
}
