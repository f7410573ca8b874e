# SPDX-License-Identifier: MIT
# What Homebrew does with a formula, as far as ours goes: formula.rb FORMULA TREE FOLDER installs TREE
# below FOLDER, prints the service and runs the test.  No Homebrew is needed, and none is replaced: a
# word that is not known here fails, to be looked up in Homebrew's documentation.
require "fileutils"
require "pathname"

TREE = Pathname(ARGV[1])
FOLDER = Pathname(ARGV[2])

# https://docs.brew.sh/rubydoc/Homebrew/Service.html
class Service
  attr_reader :said

  def initialize(formula, &block)
    @formula = formula
    @said = {}
    instance_eval(&block)
  end

  [:run, :keep_alive, :process_type, :error_log_path, :working_dir].each do |word|
    define_method(word) { |value| @said[word] = value }
  end

  [:opt_bin, :var].each { |place| define_method(place) { @formula.send(place) } }
end

# https://docs.brew.sh/Formula-Cookbook
class Formula
  class << self
    attr_reader :said, :on_test, :on_service

    def inherited(formula)
      super
      formula.instance_variable_set(:@said, { depends_on: [], uses_from_macos: [] })
    end

    [:desc, :homepage, :url, :sha256, :license].each do |word|
      define_method(word) { |value| @said[word] = value }
    end

    def head(url, branch:)
      @said[:head] = [url, branch]
    end

    [:depends_on, :uses_from_macos].each do |word|
      define_method(word) { |value| @said[word] << (value.is_a?(Hash) ? value.keys.first : value) }
    end

    def test(&block)
      @on_test = block
    end

    def service(&block)
      @on_service = block
    end
  end

  def prefix
    FOLDER/"Cellar"
  end
  alias opt_prefix prefix

  def bin
    prefix/"bin"
  end
  alias opt_bin bin

  def var
    FOLDER/"var"
  end

  def bash_completion
    prefix/"etc/bash_completion.d"
  end

  def testpath
    FOLDER
  end

  def version
    self.class.said[:url][/actopd-([\d.]+)\.tar/, 1]
  end

  def system(*words)
    super(*words.map(&:to_s), chdir: TREE.to_s) || raise("failed: #{words.join(" ")}")
  end

  def spawn(*words)
    super(*words.map(&:to_s))
  end

  def quiet_system(*words)
    Kernel.system(*words.map(&:to_s), out: File::NULL, err: File::NULL)
  end

  def shell_output(command)
    text = `#{command}`
    raise "#{command}: #{$CHILD_STATUS}" unless $?.success?

    text
  end

  def assert_match(pattern, text)
    raise "#{pattern.inspect} is not in #{text.inspect}" unless text.match?(pattern)
  end

  def assert_path_exists(path)
    raise "#{path} is not there" unless path.exist?
  end
end

load File.expand_path(ARGV[0])
formula = Actopd.new
formula.install
formula.instance_eval(&Actopd.on_test)
Actopd.said.each { |word, value| puts "#{word}: #{Array(value).join(" ")}" }
service = Service.new(formula, &Actopd.on_service)
service.said.each { |word, value| puts "service #{word}: #{Array(value).join(" ")}" }
puts "caveats: #{formula.caveats}"
