package dev.tidepool.allocator;

import static com.tngtech.archunit.base.DescribedPredicate.anyElementThat;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.properties.HasName;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.syntax.elements.GivenMethodsConjunction;

/** Memory below the allocators; no cycles, and no Unsafe. */
@AnalyzeClasses(
    packages = "dev.tidepool.allocator",
    importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {
  private static final DescribedPredicate<JavaClass> IS_NOT_EXPORTED =
      resideInAPackage("dev.tidepool.allocator.memory..");

  @ArchTest
  static final ArchRule memoryKnowsNothingOfWhatIsAbove =
      noClasses()
          .that()
          .resideInAPackage("..memory..")
          .should()
          .dependOnClassesThat(resideInAnyPackage("dev.tidepool.allocator", "io.netty.channel.."));

  @ArchTest
  static final ArchRule packagesHaveNoCycles =
      slices().matching("dev.tidepool.(**)").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule nobodyUsesUnsafe =
      noClasses().should().dependOnClassesThat(resideInAnyPackage("sun.misc..", "jdk.internal.."));

  @ArchTest
  static final ArchRule nettysInternalsAreItsLoggerAndTheMapOfExecutors =
      noClasses()
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.netty.util.internal..")
                  .and(not(resideInAPackage("io.netty.util.internal.logging")))
                  .and(not(named("io.netty.util.internal.ThreadExecutorMap"))));

  @ArchTest
  static final ArchRule theMapOfExecutorsIsForLoopsOnly =
      noClasses()
          .that(not(named("dev.tidepool.allocator.Loops")))
          .should()
          .dependOnClassesThat(named("io.netty.util.internal.ThreadExecutorMap"));

  @ArchTest
  static final ArchRule noPublicMethodTakesWhatIsNotExported =
      publicMethods().should().haveRawParameterTypes(anyElementThat(IS_NOT_EXPORTED));

  @ArchTest
  static final ArchRule noPublicMethodReturnsWhatIsNotExported =
      publicMethods().should().haveRawReturnType(IS_NOT_EXPORTED);

  private static GivenMethodsConjunction publicMethods() {
    return noMethods()
        .that()
        .areDeclaredInClassesThat()
        .resideInAPackage("dev.tidepool.allocator")
        .and()
        .areDeclaredInClassesThat()
        .arePublic()
        .and()
        .arePublic();
  }

  private static DescribedPredicate<JavaClass> named(String name) {
    return HasName.Predicates.name(name).forSubtype();
  }
}
