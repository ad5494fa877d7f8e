package dev.tidepool.echo.testing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** {@code serve} in a process of its own, on any free port. */
public final class ServeProcess extends EchoProcess {
  private static final Pattern LISTENING = Pattern.compile("listening on .*:(\\d+): ");

  private String port = "";

  private ServeProcess(EchoProcess launched) {
    super(launched);
  }

  /** Launches the process and does not wait for anything. */
  public static ServeProcess launch(List<String> jvmOptions, String... options) throws IOException {
    return new ServeProcess(EchoProcess.launch(jvmOptions, arguments(options)));
  }

  /** Launches the process and waits until it listens. */
  public static ServeProcess start(List<String> jvmOptions, String... options) throws IOException {
    return launch(jvmOptions, options).awaitPort();
  }

  /** Launches the process with a limit of open files, and waits until it listens. */
  public static ServeProcess startWithFiles(int files, String... options) throws IOException {
    return new ServeProcess(EchoProcess.launchWithFiles(files, arguments(options))).awaitPort();
  }

  private static List<String> arguments(String... options) {
    List<String> arguments = new ArrayList<>(List.of("serve"));
    if (!List.of(options).contains("--port")) {
      arguments.addAll(List.of("--port", "0"));
    }
    arguments.addAll(List.of(options));
    return arguments;
  }

  private ServeProcess awaitPort() throws IOException {
    String line = nextLine();
    Matcher matcher = LISTENING.matcher(String.valueOf(line));
    assertThat(matcher.find()).as("'%s' has the port; %s", line, errors()).isTrue();
    port = matcher.group(1);
    return this;
  }

  public String port() {
    return port;
  }

  public InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
  }
}
