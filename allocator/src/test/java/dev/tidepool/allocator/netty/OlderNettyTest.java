package dev.tidepool.allocator.netty;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.AccessTarget.FieldAccessTarget;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import dev.tidepool.allocator.ArenaByteBufAllocator;
import io.micrometer.common.KeyValue;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.io.File;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The library on the Nettys that it says it runs on; the build puts their jars there. */
class OlderNettyTest {
  private static final Path NETTYS = Path.of(System.getProperty("older.nettys"));

  static List<String> versions() throws Exception {
    try (Stream<Path> versions = Files.list(NETTYS)) {
      return versions.map(Path::getFileName).map(Path::toString).sorted().toList();
    }
  }

  private static List<Path> jars(String version) throws Exception {
    try (Stream<Path> files = Files.list(NETTYS.resolve(version))) {
      List<Path> jars = files.sorted().toList();
      assertThat(jars).as("jars of Netty %s", version).hasSize(8);
      return jars;
    }
  }

  private static Path locationOf(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  private static List<Path> library() throws Exception {
    return List.of(locationOf(ArenaByteBufAllocator.class), locationOf(NullMarked.class));
  }

  // It runs

  private static String run(Class<?> program, String version, Path temporary, String... options)
      throws Exception {
    List<Path> path = new ArrayList<>(library());
    path.add(locationOf(program));
    path.addAll(jars(version));
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of(options));
    command.add("-cp");
    command.add(path.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
    command.addAll(List.of(program.getName(), "nio"));
    Path log = temporary.resolve("output");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile()).start();
    boolean ended = process.waitFor(60, TimeUnit.SECONDS);
    process.destroyForcibly().waitFor();
    String output = Files.readString(log);
    assertThat(ended).as(output).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    assertThat(output).doesNotContain("Exception").doesNotContain("Error");
    return output;
  }

  @ParameterizedTest
  @MethodSource("versions")
  void echoesOverSockets(String version, @TempDir Path temporary) throws Exception {
    assertThat(run(EchoOnThisNetty.class, version, temporary))
        .contains(
            "netty: " + version + ", opened: 4, open: 0, held: 0, leaks: 0, pooled on loops: 4");
  }

  @ParameterizedTest
  @MethodSource("versions")
  void unchangedServersHaveArenas(String version, @TempDir Path temporary) throws Exception {
    assertThat(
            run(
                UnchangedServers.class,
                version,
                temporary,
                "-Dio.netty.bootstrap.extensions=serviceload",
                "-Ddev.tidepool.trimInterval=50"))
        .contains(
            "netty: " + version,
            "\necho: resets: 20",
            "\nhttp: resets: 20",
            "\naggregated http: resets: 20",
            "\nwebsocket: resets: 22",
            "\nopen: 0, held: 0, leaks: 0");
  }

  // What does not run above links

  /** Everything that the library calls of Netty is there, and it overrides what it has to. */
  @ParameterizedTest
  @MethodSource("versions")
  void everyCallLinks(String version) throws Exception {
    List<URL> urls = new ArrayList<>();
    for (Path path : library()) {
      urls.add(path.toUri().toURL());
    }
    for (Path jar : jars(version)) {
      urls.add(jar.toUri().toURL());
    }
    urls.add(locationOf(MeterBinder.class).toUri().toURL()); // for ArenaMeterBinder
    urls.add(locationOf(KeyValue.class).toUri().toURL());
    try (URLClassLoader classes =
        new URLClassLoader(urls.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      JavaClasses library =
          new ClassFileImporter().importPath(locationOf(ArenaByteBufAllocator.class));
      Set<String> missing = new LinkedHashSet<>();
      for (JavaClass each : library) {
        addMissing(each, classes, missing);
      }
      missing.removeIf(call -> MAYBE_MISSING.stream().anyMatch(call::contains));
      assertThat(missing).isEmpty();
    }
  }

  /** Asked for before they are called: see NettyThreads. */
  private static final List<String> MAYBE_MISSING =
      List.of("currentThreadHasFastThreadLocal", "currentThreadWillCleanupFastThreadLocals");

  private static void addMissing(JavaClass of, ClassLoader classes, Set<String> missing)
      throws Exception {
    for (JavaAccess<?> access : of.getAccessesFromSelf()) {
      String owner = access.getTargetOwner().getName();
      if (owner.startsWith("io.netty.") || owner.startsWith("dev.tidepool.")) {
        if (!links(access, classes)) {
          missing.add(access.getDescription());
        }
      }
    }
    if (!of.getSimpleName().equals("module-info") && !of.getSimpleName().equals("package-info")) {
      abstractOnes(Class.forName(of.getName(), false, classes)).forEach(missing::add);
    }
  }

  private static boolean links(JavaAccess<?> access, ClassLoader classes) throws Exception {
    Class<?> owner;
    try {
      owner = Class.forName(access.getTargetOwner().getName(), false, classes);
    } catch (ClassNotFoundException e) {
      return false;
    }
    if (access.getTarget() instanceof FieldAccessTarget field) {
      return hierarchy(owner).stream()
          .flatMap(type -> Arrays.stream(type.getDeclaredFields()))
          .anyMatch(found -> found.getName().equals(field.getName()));
    }
    CodeUnitAccessTarget call = (CodeUnitAccessTarget) access.getTarget();
    List<String> parameters = call.getRawParameterTypes().stream().map(JavaClass::getName).toList();
    return hierarchy(owner).stream()
        .flatMap(type -> executables(type, call.getName().equals("<init>")))
        .filter(found -> found instanceof Constructor || found.getName().equals(call.getName()))
        .filter(found -> returns(found, call))
        .anyMatch(
            found ->
                Arrays.stream(found.getParameterTypes())
                    .map(Class::getName)
                    .toList()
                    .equals(parameters));
  }

  private static boolean returns(Executable found, CodeUnitAccessTarget call) {
    return !(found instanceof Method method)
        || method.getReturnType().getName().equals(call.getRawReturnType().getName());
  }

  private static Stream<Executable> executables(Class<?> type, boolean constructors) {
    return Arrays.stream(constructors ? type.getDeclaredConstructors() : type.getDeclaredMethods());
  }

  private static Set<Class<?>> hierarchy(Class<?> type) {
    Set<Class<?>> all = new LinkedHashSet<>();
    for (Class<?> each = type; each != null; each = each.getSuperclass()) {
      all.add(each);
      for (Class<?> face : each.getInterfaces()) {
        all.addAll(hierarchy(face));
      }
    }
    all.add(Object.class);
    return all;
  }

  private static List<String> abstractOnes(Class<?> type) {
    if (Modifier.isAbstract(type.getModifiers())) {
      return List.of();
    }
    return Arrays.stream(type.getMethods())
        .filter(method -> Modifier.isAbstract(method.getModifiers()))
        .map(method -> type.getName() + " does not implement " + method)
        .toList();
  }
}
