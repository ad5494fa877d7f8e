package dev.tidepool.allocator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import jdk.jfr.EventType;
import jdk.jfr.FlightRecorder;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page on events: its table, its settings and its commands, over a program of its own. */
class EventsPageTest {
  private static final Path DOCS = Path.of("docs").toAbsolutePath();
  private static final Path JAVA_HOME = Path.of(System.getProperty("java.home"));
  private static final Pattern OPTION = Pattern.compile("-XX:StartFlightRecording:\\S+");
  private static final Pattern EVENT = Pattern.compile("(dev\\.tidepool\\.[A-Z]\\w+)");
  private static final Pattern ROW =
      Pattern.compile("\\| `(dev\\.tidepool\\.\\w+)` \\| .* \\| (on|off) \\|");

  @TempDir static Path directory;

  private static String page;
  private static Path recording;

  /** Runs the program as the page says. */
  @BeforeAll
  static void record() throws Exception {
    assumeTrue(FlightRecorder.isAvailable(), "this JVM has no Flight Recorder");
    page = Files.readString(DOCS.resolve("events.md"));
    recording = directory.resolve("tide.jfr");
    Matcher option = OPTION.matcher(page);
    assertThat(option.find()).isTrue();
    String output = run(java(), inPlace(option.group()), "-cp", classPath(), main());
    assertThat(output).contains("jdk.jfr: true, leaks: 2");
  }

  private static String inPlace(String command) {
    return command
        .replace("tide.jfr", recording.toString())
        .replace("tidepool.jfc", DOCS.resolve("tidepool.jfc").toString());
  }

  private static String java() {
    return JAVA_HOME.resolve("bin").resolve("java").toString();
  }

  private static String classPath() {
    return System.getProperty("java.class.path");
  }

  private static String main() {
    return EventsProgram.class.getName();
  }

  /** What the command printed; it must succeed. */
  private static String run(String... command) throws IOException, InterruptedException {
    File output = Files.createTempFile(directory, "output", ".txt").toFile();
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output).start();
    assertThat(process.waitFor(60, TimeUnit.SECONDS)).as(List.of(command).toString()).isTrue();
    String text = Files.readString(output.toPath());
    assertThat(process.exitValue()).as(List.of(command) + "\n" + text).isZero();
    return text;
  }

  private static List<EventType> types() throws IOException {
    try (RecordingFile file = new RecordingFile(recording)) {
      return file.readEventTypes().stream()
          .filter(type -> type.getName().startsWith("dev.tidepool."))
          .toList();
    }
  }

  @Test
  void eachEventButTheNativeTrimHappenedInTheProgram() throws IOException {
    Set<String> seen =
        RecordingFile.readAllEvents(recording).stream()
            .map(event -> event.getEventType().getName())
            .filter(name -> name.startsWith("dev.tidepool."))
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> expected = new TreeSet<>(named(EVENT, page));
    expected.remove("dev.tidepool.NativeTrim");
    assertThat(seen).isEqualTo(expected);
  }

  private static List<String> named(Pattern pattern, String text) {
    return pattern.matcher(text).results().map(found -> found.group(1)).distinct().toList();
  }

  /** In a recording without the settings, as most are. */
  @Test
  void theTableSaysWhatIsUsuallyOn() throws Exception {
    Path usual = directory.resolve("usual.jfr");
    run(java(), "-XX:StartFlightRecording:filename=" + usual, "-cp", classPath(), main());
    Set<String> seen =
        RecordingFile.readAllEvents(usual).stream()
            .map(event -> event.getEventType().getName())
            .filter(name -> name.startsWith("dev.tidepool."))
            .collect(Collectors.toCollection(TreeSet::new));
    List<String> on =
        ROW.matcher(page)
            .results()
            .filter(row -> row.group(2).equals("on"))
            .map(row -> row.group(1))
            .filter(name -> !name.equals("dev.tidepool.NativeTrim"))
            .toList();
    assertThat(seen).containsExactlyInAnyOrderElementsOf(on);
  }

  @Test
  void theTableAndTheSettingsNameEveryEvent() throws IOException {
    List<String> names =
        Stream.concat(
                types().stream().map(EventType::getName), Stream.of("dev.tidepool.NativeTrim"))
            .distinct()
            .toList();
    assertThat(named(ROW, page)).containsExactlyInAnyOrderElementsOf(names);
    assertThat(named(EVENT, Files.readString(DOCS.resolve("tidepool.jfc"))))
        .containsExactlyInAnyOrderElementsOf(names);
  }

  @Test
  void everyEventAndFieldHasALabel() throws IOException {
    assertThat(types())
        .isNotEmpty()
        .allSatisfy(
            type -> {
              assertThat(type.getCategoryNames()).containsExactly("Tidepool");
              assertThat(type.getLabel()).as(type.getName()).isNotBlank();
              assertThat(type.getDescription()).as(type.getName()).isNotBlank();
              assertThat(type.getFields())
                  .allSatisfy(field -> assertThat(field.getLabel()).isNotBlank());
            });
  }

  @Test
  void theCommandsPrintTheEvents() throws Exception {
    List<String> commands =
        page.lines().map(String::strip).filter(line -> line.startsWith("jfr ")).toList();
    assertThat(commands).hasSizeGreaterThanOrEqualTo(5);
    for (String command : commands) {
      if (!command.startsWith("jfr view") || Runtime.version().feature() >= 21) {
        String tool = JAVA_HOME.resolve("bin").resolve("jfr").toString();
        String[] words = inPlace(command.replaceFirst("^jfr", tool)).replace("\"", "").split(" ");
        assertThat(run(words)).as(command).containsAnyOf("dev.tidepool.", "Arena Reset");
      }
    }
  }

  @Test
  void theLibraryWorksWithoutTheModule() throws Exception {
    String modules =
        ModuleLayer.boot().modules().stream()
            .map(Module::getName)
            .filter(name -> !name.contains("jfr"))
            .filter(
                name ->
                    Arrays.asList("java", "jdk")
                        .contains(name.substring(0, Math.max(0, name.indexOf('.')))))
            .filter(name -> !needsFlightRecorder(name))
            .collect(Collectors.joining(","));
    assertThat(run(java(), "--limit-modules", modules, "-cp", classPath(), main()))
        .contains("jdk.jfr: false, leaks: 2");
  }

  private static boolean needsFlightRecorder(String module) {
    return ModuleLayer.boot()
        .findModule(module)
        .map(Module::getDescriptor)
        .map(
            descriptor ->
                descriptor.requires().stream().anyMatch(each -> each.name().contains("jfr")))
        .orElse(false);
  }
}
