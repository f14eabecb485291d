# The package, laid out as PowerShell's install commands lay it out.

BeforeAll {
    . $PSScriptRoot/common.ps1
    $said = dotnet pack (Join-Path $PSScriptRoot ../../src/PgEdgeUsers) --no-build --output $TestDrive 2>&1
    $package = Get-Item (Join-Path $TestDrive *.nupkg)
    $package | Should -HaveCount 1 -Because "dotnet pack said: $said"
    $manifest = Import-PowerShellDataFile (Join-Path $ModulePath PgEdgeUsers.psd1)
    $modules = Join-Path $TestDrive Modules
    $installed = Join-Path $modules "PgEdgeUsers/$($manifest.ModuleVersion)"
    [System.IO.Compression.ZipFile]::ExtractToDirectory($package, $installed)
    $nuspec = ([xml](Get-Content (Join-Path $installed PgEdgeUsers.nuspec))).package.metadata
    'PgEdgeUsers.nuspec', '[Content_Types].xml', '_rels', 'package' | ForEach-Object { Remove-Item -LiteralPath (Join-Path $installed $_) -Recurse -Force }
}

Describe 'The package' {
    It 'says what the manifest says' {
        $package.Name | Should -Be "PgEdgeUsers.$($manifest.ModuleVersion).nupkg"
        $nuspec.id | Should -BeExactly PgEdgeUsers
        $nuspec.version | Should -Be $manifest.ModuleVersion
        $nuspec.authors | Should -Be $manifest.Author
        $nuspec.copyright | Should -Be $manifest.Copyright
        $nuspec.description | Should -Be $manifest.Description
        $nuspec.license.InnerText | Should -Be MIT
        $nuspec.projectUrl | Should -Be $manifest.PrivateData.PSData.ProjectUri
        $nuspec.releaseNotes | Should -Be $manifest.PrivateData.PSData.ReleaseNotes
        $nuspec.tags -split ' ' | Sort-Object | Should -Be (@('PSModule') + $manifest.PrivateData.PSData.Tags | Sort-Object)
    }

    It 'holds the staged module and nothing else' {
        $files = Get-ChildItem $installed -Recurse -File | Get-FileHash | ForEach-Object { "$([System.IO.Path]::GetRelativePath($installed, $_.Path)) $($_.Hash)" }

        $files | Should -Be (Get-ChildItem $ModulePath -Recurse -File | Get-FileHash | ForEach-Object { "$([System.IO.Path]::GetRelativePath($ModulePath, $_.Path)) $($_.Hash)" })
    }

    It 'is a module of its version, which is imported by name and when it is first used' {
        $file = New-UserFile
        $path = $env:PSModulePath
        $env:PSModulePath = $modules + [System.IO.Path]::PathSeparator + $path
        try {
            $used = pwsh -NoProfile -NonInteractive -Command "(Get-PgEdgeUser -Path '$file').Username; (Get-Module PgEdgeUsers).ModuleBase"
            $imported = pwsh -NoProfile -NonInteractive -Command 'Import-Module PgEdgeUsers; $module = Get-Module PgEdgeUsers; "$($module.Version)"; "$((Get-Command Get-PgEdgeUser).ImplementingType.Assembly.GetName().Version)"'
        }
        finally {
            $env:PSModulePath = $path
        }

        $used | Should -Be alice, bob, charlie, $installed
        $imported | Should -Be $manifest.ModuleVersion, "$($manifest.ModuleVersion).0"
    }
}
