package dev.tidepool.frameworks;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.Version;
import java.nio.file.Path;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The check that a module runs on the versions which the page of recipes states. */
public abstract class ClassPathCheck {
  private static final String FRAMEWORK = System.getProperty("framework.name");
  private static final String VERSION = System.getProperty("framework.version");
  private static final RecipePage PAGE = RecipePage.read(Path.of("..", "..", "docs", "recipes.md"));

  @Test
  void thePageStatesTheFrameworksVersion() {
    assertThat(PAGE.version(FRAMEWORK)).isEqualTo(VERSION);
  }

  @Test
  void nettyIsTheOneThatTheFrameworkBrings() {
    TreeSet<String> nettys = new TreeSet<>();
    Version.identify().values().forEach(version -> nettys.add(version.artifactVersion()));

    assertThat(nettys).containsExactly(PAGE.netty(FRAMEWORK) + ".Final");
  }
}
