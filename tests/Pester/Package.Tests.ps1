# The package, from a repository of one's own to the first use of the installed module.

BeforeAll {
    . $PSScriptRoot/common.ps1
    $manifest = Import-PowerShellDataFile $ModulePath/PgEdgeUsers.psd1
    $version = $manifest.ModuleVersion
    $repository = New-Item $TestDrive/repository -ItemType Directory
    $modules = New-Item $TestDrive/modules -ItemType Directory
    $said = dotnet pack $PSScriptRoot/../../src/PgEdgeUsers --no-build --output $repository 2>&1
    (Get-ChildItem $repository).Name | Should -Be "PgEdgeUsers.$version.nupkg" -Because "dotnet pack said: $said"

    # Runs a command where the repository is registered, and the module found, for this test alone.
    function Invoke-Installed([string] $Command) {
        $before = $env:HOME, $env:XDG_DATA_HOME, $env:PSModulePath
        $env:HOME = $env:XDG_DATA_HOME = "$TestDrive"
        $env:PSModulePath = "$modules"
        try {
            Invoke-Pwsh -Command $Command
        }
        finally {
            $env:HOME, $env:XDG_DATA_HOME, $env:PSModulePath = $before
        }
    }

    Invoke-Installed "Register-PSResourceRepository own '$repository' -Trusted
        Save-PSResource PgEdgeUsers -Repository own -Path '$modules'"
    $installed = Join-Path $modules PgEdgeUsers $version
}

Describe 'The package' {
    It 'says what the manifest says' {
        $archive = [System.IO.Compression.ZipFile]::OpenRead("$repository/PgEdgeUsers.$version.nupkg")
        try {
            $nuspec = [System.IO.StreamReader]::new($archive.GetEntry('PgEdgeUsers.nuspec').Open()).ReadToEnd()
        }
        finally {
            $archive.Dispose()
        }
        $metadata = ([xml] $nuspec).package.metadata

        $metadata.id | Should -BeExactly PgEdgeUsers
        $metadata.version | Should -Be $version
        $metadata.authors | Should -Be $manifest.Author
        $metadata.copyright | Should -Be $manifest.Copyright
        $metadata.description | Should -Be $manifest.Description
        $metadata.license.InnerText | Should -Be MIT
        $metadata.projectUrl | Should -Be $manifest.PrivateData.PSData.ProjectUri
        $metadata.releaseNotes | Should -Be $manifest.PrivateData.PSData.ReleaseNotes
        $tags = @('PSModule') + $manifest.PrivateData.PSData.Tags
        $metadata.tags -split ' ' | Sort-Object | Should -Be ($tags | Sort-Object)
    }

    It 'installs the staged module and nothing else' {
        function Get-FileList([string] $Folder) {
            Get-ChildItem $Folder -Recurse -File | Get-FileHash |
                ForEach-Object { "$([System.IO.Path]::GetRelativePath($Folder, $_.Path)) $($_.Hash)" }
        }

        Get-FileList $installed | Should -Be (Get-FileList $ModulePath)
    }

    It 'installs a module that is imported when it is first used' {
        $file = New-UserFile

        Invoke-Installed "(Get-PgEdgeUser -Path '$file').Username; (Get-Module PgEdgeUsers).ModuleBase" |
            Should -Be alice, bob, charlie, $installed
    }

    It 'installs a module of its version that is imported by name' {
        Invoke-Installed 'Import-Module PgEdgeUsers
            (Get-Module PgEdgeUsers).Version.ToString()
            (Get-Command Get-PgEdgeUser).ImplementingType.Assembly.GetName().Version.ToString()' |
            Should -Be $version, "$version.0"
    }
}
