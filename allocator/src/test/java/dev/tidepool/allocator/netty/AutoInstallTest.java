package dev.tidepool.allocator.netty;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Unchanged servers in a process of its own, with the flag that has Netty load the extension; it is
 * read when a process's first bootstrap is used.
 */
class AutoInstallTest {
  private static final Path README = Path.of("..", "README.md");
  private static final String ANNOUNCEMENT = "Arenas are installed in ";

  @TempDir private Path temporary;

  /** As the README has it, in the block behind these words. */
  private static String flag() throws IOException {
    String readme = Files.readString(README);
    Matcher block =
        Pattern.compile("\\*\\*Without a changed line\\*\\*.*?```text\n(.*?)\n```", Pattern.DOTALL)
            .matcher(readme);
    assertThat(block.find()).isTrue();
    return block.group(1);
  }

  private String run(String transport, String... options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of("-Xmx256m", "-XX:TieredStopAtLevel=1", "-Ddev.tidepool.trimInterval=50"));
    command.addAll(List.of(options));
    command.addAll(
        List.of(
            "-cp",
            System.getProperty("java.class.path"),
            UnchangedServers.class.getName(),
            transport));
    Path log = temporary.resolve("output");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();
    String output = Files.readString(log);
    assertThat(ended).as(output).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    return output;
  }

  @ParameterizedTest
  @ValueSource(strings = {"nio", "epoll"})
  void everyAcceptedChannelHasAnArenaThatResetsWithEachRequest(String transport) throws Exception {
    assumeTrue(transport.equals("nio") || Epoll.isAvailable());
    String output = run(transport, flag());
    assertThat(output)
        .contains(
            "echo: resets: 20\n",
            "\nhttp: resets: 20\n",
            "\naggregated http: resets: 20\n",
            "\nwebsocket: resets: 22\n",
            "\nclient: no arena\n",
            "\nlocal: resets: ",
            "\nopen: 0, held: 0, leaks: 0\n")
        .doesNotContain("Exception")
        .doesNotContain("] WARN ");
    assertThat(output.lines().filter(line -> line.contains(ANNOUNCEMENT)))
        .singleElement()
        .asString()
        .contains("INFO", "autoinstall: server, dev.tidepool.autoinstall.exclude: none");
  }

  @Test
  void withoutTheFlagNothingChanges() throws Exception {
    assertThat(run("nio"))
        .contains("echo: no arena", "\nhttp: no arena", "local: no arena", "held: 0")
        .doesNotContain(ANNOUNCEMENT);
  }

  @Test
  void clientsHaveArenasWhenAsked() throws Exception {
    assertThat(run("nio", flag(), "-Ddev.tidepool.autoinstall=client"))
        .contains("echo: no arena", "\nclient: resets: ", "\nlocal: no arena", "held: 0");
    assertThat(run("nio", flag(), "-Ddev.tidepool.autoinstall=both"))
        .contains("echo: resets: 20", "\nclient: resets: ", "\nlocal: resets: ", "held: 0");
  }

  @Test
  void offInstallsNothing() throws Exception {
    assertThat(run("nio", flag(), "-Ddev.tidepool.autoinstall=off"))
        .contains("echo: no arena", "\nclient: no arena")
        .doesNotContain(ANNOUNCEMENT);
  }

  @Test
  void excludedChannelsStayAsTheyAre() throws Exception {
    assertThat(run("nio", flag(), "-Ddev.tidepool.autoinstall.exclude=LocalChannel"))
        .contains("echo: resets: 20", "\nlocal: no arena", "held: 0");
  }

  @Test
  void aWrongModeIsLoggedAndTheServersRun() throws Exception {
    assertThat(run("nio", flag(), "-Ddev.tidepool.autoinstall=yes"))
        .contains(
            "WARN",
            "dev.tidepool.autoinstall: yes (expected: server, client, both or off)",
            "echo: no arena",
            "\nhttp: no arena");
  }

  @Test
  void aWrongOptionOfTheAllocatorIsLoggedOnceAndTheServersRun() throws Exception {
    String output = run("nio", flag(), "-Ddev.tidepool.alignment=17");
    assertThat(output)
        .contains("alignment: 17 (expected: a power of two", "\nhttp: no arena", "\nno allocator");
    assertThat(output.lines().filter(line -> line.contains("WARN"))).hasSize(1);
  }
}
