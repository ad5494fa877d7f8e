package dev.tidepool.echo.compare;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The command that starts a process of this very program, with the Java that runs it.
 *
 * @param jvmOptions of the server's process
 */
record JavaCommand(List<String> jvmOptions) {
  private static final String JAVA =
      Path.of(System.getProperty("java.home"), "bin", "java").toString();
  private static final List<String> CLIENT_OPTIONS = List.of("-Xmx1g", "-Xshare:auto");

  List<String> server(ServedJob job) {
    return command(jvmOptions, ServedProcess.class, List.of(Json.line(job)));
  }

  List<String> client() {
    return command(CLIENT_OPTIONS, LoadProcess.class, List.of());
  }

  private static List<String> command(List<String> options, Class<?> main, List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(JAVA);
    command.addAll(options);
    if (Runtime.version().feature() >= 24) {
      command.add("--enable-native-access=ALL-UNNAMED"); // Netty loads its native transport
    }
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(main.getName());
    command.addAll(arguments);
    return command;
  }

  /** As it is printed: for Java, the word that this process was started with. */
  static String words(List<String> command) {
    List<String> words = new ArrayList<>(command);
    words.replaceAll(word -> word.equals(JAVA) ? ShellCommand.java() : word);
    return ShellCommand.of(words);
  }
}
